"""Words that mean nearly the same in texts on software and machine learning, and general words with what they cover."""

GROUPS = """
run, execute, launch, start, invoke, operate; work, function, operate, behave; stop, halt, quit, exit, terminate,
kill, end, abort, cease, cancel; pause, suspend, interrupt, wait, hold; resume, continue, proceed, carry on, pick up,
go on; repeat, again, re-run, redo, rerun, second time, once more; picture, image, photo, photograph, screenshot,
illustration, drawing, artwork, visual, pic, graphic; video, clip, movie, film, footage, animation, motion; voice,
speech, spoken, vocal, speak, say, talk, utterance, audio, sound, dictate, aloud, verbal; sound, audio, music, noise,
acoustic; listen, hear, microphone; transcribe, transcription, transcript, speech recognition, asr, dictation; text,
prose, written, writing, passage, document, words, string; sentence, phrase, statement, utterance; paragraph, passage,
section; fast, quick, speed, rapid, swift, speedy, accelerate, performance, throughput, efficient; slow, delay,
latency, lag, sluggish; latency, response time, delay, wait, real time; real time, realtime, live, instantly,
immediately, on the fly, streaming; fix, repair, correct, mend, resolve, solve, patch, debug, remedy, heal; error,
bug, fault, problem, issue, failure, mistake, defect, exception, crash, wrong; undo, revert, roll back, rollback,
restore, reverse, take back; free, no cost, gratis, without charge, without paying, free of charge, costless, no fee;
paid, pay, cost, price, pricing, charge, fee, money, billing, subscription, commercial, purchase, buy, expense, cheap,
expensive; licence, license, permit, licensing; allowed, permit, permission, may, lawful, legal, entitled; forbid,
prohibit, ban, disallow, not allowed, banned, illegal, outlaw, restrict; local, own machine, own computer, on device,
locally, self hosted, on premise, own hardware, offline, your machine, laptop, desktop, at home; offline, without
internet, no internet, disconnected, air gapped; online, internet, web, network, connected; cloud, hosted, remote,
server, saas, managed, service; several, multiple, many, various, numerous, a number of, diverse, plural, more than
one, different, wide range, variety, dozens; every, all, each, whole, entire, complete, full, total, any; single, one,
sole, alone, individual, only; both, two, pair, dual, double, twice; half, 50%, halve, fifty percent; tiny, small,
little, compact, lightweight, mini, light, minimal, low; large, big, huge, massive, great, vast, extensive, giant,
enormous, sizable; size, dimension, scale, width, height, resolution, extent; long, lengthy, extended, length; short,
brief, concise, compact; new, fresh, recent, latest, novel, modern, newest; old, older, legacy, previous, former,
earlier, past, prior, outdated, obsolete, deprecated; deprecated, obsolete, discontinued, no longer, removed,
unmaintained, superseded, retired; first, initial, original, beginning, start; last, final, latest, end; easy, simple,
straightforward, effortless, convenient, simplicity, ease, trivial, hassle; hard, difficult, complex, challenging,
complicated, tricky, tough; make, create, produce, generate, build, construct, craft, synthesize, synthesise, compose,
form, yield, draw, render; change, modify, edit, alter, adjust, adapt, update, tweak, revise, customize, customise,
amend, mutate, transform; update, upgrade, refresh, renew, keep up to date, newest; convert, transform, turn into,
translate, transfer, port, export, conversion; delete, remove, erase, drop, eliminate, discard, clear, strip, get rid,
wipe, prune; add, insert, append, include, attach, put in, plug in, supplement, integrate, incorporate; combine,
merge, join, mix, blend, unite, fuse, together, put together, ensemble, concatenate, stack, chain; split, divide, cut,
partition, separate, shard, break up, chunk, slice, segment; separate, apart, distinct, independent, standalone, own,
dedicated, different; show, display, present, view, visualize, visualise, render, see, demonstrate, depict,
illustrate, reveal, visible; hide, conceal, mask, invisible, cover; look, view, see, watch, inspect, examine, browse,
observe; find, search, look up, locate, discover, retrieve, seek, detect, spot, query, lookup; detect, recognize,
recognise, identify, spot, find, discover, recognition; classify, categorize, categorise, label, sort, classification,
class, classifier, category; predict, forecast, estimate, guess, prediction, infer, anticipate; guess, estimate,
approximate, assume; recommend, suggest, advise, propose, hint, advice, recommended, encourage, urge; choose, select,
pick, decide, choice, option, opt, selection, preferred; option, setting, parameter, flag, switch, argument,
configuration, config, preference, choice; configure, set up, adjust, setting, customise, customize, tune,
configuration, configurable; default, standard, out of the box, by itself, automatic, preset, normally; automatic, by
itself, on its own, automated, without manual, auto, unattended, autonomous, hands free; manual, by hand, manually,
yourself, hand; optional, not required, not obligatory, not necessary, voluntary, opt in, if desired, can be disabled,
not mandatory, if needed; required, necessary, obligatory, mandatory, must, need, require, compulsory, needed,
prerequisite, essential, demand; enough, sufficient, suffices, adequate; depend, rely, dependency, require,
prerequisite, based; disable, switch off, turn off, deactivate, off, opt out, switched off, turned off; enable, switch
on, turn on, activate, on, opt in; limit, limited, restrict, maximum, at most, cap, bound, constraint, up to, no more
than, threshold; maximum, at most, up to, highest, max, no more than, upper, limit; minimum, at least, lowest, min, no
less than, lower, from; exceed, above, beyond, over, more than, greater, surpass; reduce, lower, decrease, lessen,
cut, shrink, less, fewer, minimise, minimize, save, drop, mitigate, compress, alleviate; increase, raise, grow, more,
boost, improve, higher, enhance, gain, extend, expand, scale; improve, better, enhance, boost, optimise, optimize,
refine, upgrade, raise, advance; better, superior, outperform, beat, surpass, exceed, improve, ahead, win, stronger;
worse, inferior, poor, degrade, weak, bad, deteriorate, low quality, suffer; good, great, excellent, strong, high
quality, well, effective, fine; quality, fidelity, standard, accuracy; important, crucial, critical, key, essential,
vital, significant, main, major; main, primary, chief, principal, core, central, key, mainly; compare, versus,
against, comparison, contrast, relative, than; similar, alike, same, like, comparable, resemble, equivalent,
similarity, identical, close; same, identical, equal, unchanged, shared, equivalent; different, differ, other,
distinct, various, vary, alternative, another; balanced, equal, even, uniform; imbalanced, skewed, unequal,
unbalanced, uneven, imbalance, minority, class imbalance; average, mean, typical; share, percentage, percent,
proportion, fraction, rate, ratio, portion, part; part, piece, portion, component, fragment, section, element, some,
fraction; amount, quantity, number, count, volume, how many; most, majority, mostly, mainly, largely, primarily, over
half; few, little, rare, seldom, handful, scarce, hardly; often, frequently, usually, commonly, regularly, typical,
generally; sometimes, occasionally, may, might, at times; random, chance, stochastic, arbitrary, randomly, randomize;
exact, precise, accurate, exactly, strict; roughly, about, approximately, around, nearly, circa, some, almost, close
to, approx, estimated; language, multilingual, tongue, locale, i18n, linguistic, lingual; multilingual, several
languages, many languages, languages, cross lingual, multi language, 100 languages; translate, translation, localize,
localise, translated; bilingual, two languages; person, people, human, user, individual, somebody, someone, man,
woman, anyone, anybody; face, facial, portrait; user, customer, client, visitor, person, you, anyone; developer,
programmer, engineer, coder, author, maintainer, programming; author, writer, creator, maker, developer, maintainer;
team, group, company, organization, organisation, lab, institution, community; company, business, firm, enterprise,
vendor, commercial, corporate, startup; commercial, business, company, for profit, enterprise, sell, money; research,
academic, scientific, study, university, science, scholarly, paper; paper, article, publication, preprint, arxiv,
report, cite, citation; researcher, scientist, scholar, academic; school, education, educational, teach, student,
learn, classroom, teacher, learning; student, pupil, learner, distilled; harm, dangerous, unsafe, harmful, risk,
danger, hazardous, abuse, damage, malicious, offensive, toxic; safe, secure, protected, safety, security, harmless,
safeguard; risk, danger, hazard, threat, concern; attack, exploit, adversarial, hack, jailbreak, injection, malicious;
bias, prejudice, stereotype, unfair, discrimination, fairness, biased, skewed; offensive, toxic, explicit, nsfw,
adult, sexual, inappropriate, indecent, pornographic, nudity, porn, violent; refuse, reject, decline, deny, refusal,
turn down; accept, take, admit, receive, consume, ingest, input; privacy, private, confidential, personal, personally
identifiable, sensitive, pii; telemetry, usage data, analytics, tracking, statistics, usage statistics; track,
monitor, follow, observe, log, watch, tracking; log, record, journal, logging, history, track; secret, password,
credential, key, token, api key, authentication, login; login, sign in, authenticate, account, register, sign up, log
in, authorization, registration; watermark, mark, invisible mark, signature; encrypt, cipher, encryption,
cryptography; isolate, sandbox, isolated, container, isolation, separate; container, docker, podman, image,
kubernetes, containerized; code, source, program, script, software, programming, implementation, coding; source,
origin, code, provenance; repository, repo, codebase, code base, project, git, checkout; version control, git, commit,
branch, vcs, subversion, source control, repository; commit, check in, save, git; branch, fork, pull request, merge
request; pull request, merge request, pr, patch, contribution; contribute, contribution, contributor, pull request,
help, participate; test, check, verify, validate, examine, try, unit test, tested, trial, testing, qa; check, verify,
validate, inspect, ensure, confirm, control, examine; lint, style check, linter, static analysis, formatter; measure,
evaluate, assess, benchmark, score, metric, evaluation, rate, gauge, test; score, accuracy, result, points, grade,
mark, rating, f1, metric; result, outcome, output, finding, answer; output, result, return, emit, produce, print,
response, yield; input, prompt, feed, given, supply, enter, pass, provide; prompt, instruction, query, input, request,
question, message, description; answer, reply, respond, response, return, question, answering; question, query, ask,
inquiry, request, answering; ask, request, query, prompt, enquire, inquire; chat, conversation, dialogue, dialog,
talk, converse, assistant, conversational, message, discussion; assistant, helper, copilot, agent, bot, chatbot,
companion; agent, bot, autonomous, agentic, assistant; message, note, remark, comment, text, notice, post; comment,
remark, note, annotation, leave a note; annotate, label, tag, mark up, annotation, labelled, labeled; tag, label,
mark, keyword; help, assist, aid, support, guide, assistance; guide, tutorial, walkthrough, how to, lesson, course,
instruction, documentation, manual, introduction, learn; documentation, docs, manual, reference, guide, readme, wiki,
documented; explain, describe, clarify, interpret, tell, detail, explanation, outline; explanation, reason, rationale,
interpretation, why; describe, caption, description, depict, explain; summarize, summarise, summary, condense,
abridge, shorten, overview, abstract, summarization, digest; overview, map, summary, outline, survey, picture;
extract, pull out, pull, take out, get out, scrape, parse, extraction, fetch; parse, analyse, analyze, interpret,
read, parsing; analyse, analyze, study, examine, analysis, inspect, analytics, investigate; count, tally, number,
enumerate; calculate, compute, computation, arithmetic, calculation, work out; compute, computation, processing,
calculation, hardware, gpu; recompute, recalculate, re-execute, computed again, re-run; math, mathematics,
mathematical, arithmetic, algebra; reason, think, reasoning, thought, logic, logical, infer, chain of thought; plan,
schedule, planning, roadmap, strategy, design; schedule, cron, timed, timetable, scheduler, periodic; future, planned,
roadmap, upcoming, not yet, coming soon, todo, soon, later, forthcoming; learn, train, study, fit, teach, fine-tune,
training, learning, trained; train, fine-tune, finetune, fine-tuning, tune, learn, teach, trained, pre-train,
optimise, fit; fine-tune, finetune, fine-tuned, finetuned, fine tuning, tuned, adapted, customise, further training,
specialised, specialized; retrain, fine-tune, train again, further train; pretrained, pre-trained, trained already,
base model, checkpoint, ready made, foundation; training data, dataset, corpus, data set, trained on, training set,
training; dataset, corpus, data set, collection, data, examples, corpora; data, dataset, information, record, content,
material; example, sample, instance, demo, illustration, demonstration, case, snippet, exemplar; sample, draw,
sampling, pick, subset; oversample, over-sampling, synthetic samples, duplicate, upsample; undersample,
under-sampling, downsample; checkpoint, weights, snapshot, parameters, saved model, model file; weights, parameters,
checkpoint, model file; parameter, weight, coefficient; model, network, neural network, architecture, checkpoint, llm,
llms; llm, language model, large language model, llms, model, lm, gpt; architecture, structure, design, layout,
backbone; layer, block, stage, level; expert, moe, mixture of experts; adapter, lora, low-rank adaptation, peft,
lightweight fine-tuning; quantize, quantise, quantization, quantisation, 4-bit, 8-bit, int8, int4, fp8, low precision,
compressed, gptq, awq, low bit, gguf; precision, bit, fp16, bf16, half precision, float, floating point,
floating-point; 8-bit, int8, fp8, eight-bit, eight bit; 4-bit, int4, four-bit, four bit; 16-bit, fp16, bf16, float16,
bfloat16, half precision; compress, shrink, zip, smaller, compact, compression; distill, distil, teacher, student,
distillation, compressed; token, word piece, subword; context, window, history, context length, context window,
memory, context size; embed, embedding, vector, representation, encode, embeddings, encoder; encode, encoder,
embedding, compress; decode, decoder, unpack; similarity, distance, closeness, semantic; semantic, meaning, sense,
semantics; retrieve, fetch, lookup, retrieval, rag, search, get, load; index, catalogue, catalog, directory, list,
listing; list, listing, collection, catalogue, catalog, index, directory, table, overview; collection, set, library,
gathering, bundle, series, suite, group; library, package, module, framework, toolkit, sdk, dependency; framework,
library, platform, toolkit; plugin, extension, add-on, addon, plug-in, custom node, module, third party, plugins;
extension, addon, plugin, add-on; node, block, component, module; graph, workflow, network, pipeline, flowchart,
nodes, flow; workflow, pipeline, process, procedure, flow, chain, graph; pipeline, workflow, chain, sequence, flow;
step, stage, phase, iteration; task, job, assignment, activity, problem, use case; tool, utility, program,
application, app, function; application, app, program, software, use, product; use, apply, employ, utilise, utilize,
usage, usable, take advantage; reuse, recycle, cache, share, use again, cached; cache, reuse, store, remember, cached,
memoize, unchanged; store, save, keep, persist, hold, retain, archive, storage, write, preserve; save, store, keep,
export, write, persist, download; load, import, open, read, fetch, restore; import, load, bring in, read in; export,
save, output, write out, dump; download, fetch, pull, get, obtain; obtain, get, acquire, receive, download, gain;
upload, send, push, publish, transmit, drag; send, transmit, forward, deliver, submit, post, pass; share, publish,
distribute, exchange, release, sharing, collaborate; publish, release, announce, make public, open, deploy, ship,
distribute; release, version, publication, edition, launch, published; version, release, edition, variant, revision;
variant, version, flavour, flavor, kind, edition, variation; kind, type, sort, class, category, form, variety;
install, set up, setup, deploy, installation, installer; deploy, host, serve, install, production, put into
production, deployment, roll out; serve, host, server, deploy, expose, endpoint, serving; host, serve, server,
hosting; server, backend, service, host, daemon; client, frontend, customer, browser; endpoint, api, url, route; api,
interface, endpoint, programming interface, sdk; interface, ui, gui, front end, frontend, screen, interact; graphical,
gui, ui, visual, interface, drag, web ui, user interface; terminal, command line, cli, console, shell, command,
command-line; command, instruction, order, cli; shortcut, keyboard, hotkey, key binding, keybind, key; keyboard, key,
type, typing; mouse, click, cursor; click, press, tap, push; page, website, webpage, web page, site, browser; browser,
chrome, firefox, webkit, web, safari, chromium, edge; website, site, web page, page, url, link, web; link, url,
address, hyperlink, reference; crawl, scrape, spider, crawler, scraping; form, field, template; screen, display,
monitor, page, desktop; phone, mobile, android, ios, smartphone, iphone, tablet; device, hardware, machine, computer,
phone; computer, machine, pc, desktop, laptop, hardware, system, workstation, node, server; machine, computer, node,
host, hardware; hardware, gpu, cpu, accelerator, device, chip, processor, graphics card, npu, tpu; gpu, graphics card,
cuda, accelerator, graphics, vram, video card, graphics processor; accelerator, gpu, npu, tpu, hardware, chip;
processor, cpu, chip, core; several machines, distributed, multi-node, cluster, parallel, multiple nodes; distributed,
several machines, multi-node, cluster, multi gpu, data parallel, sharded; cluster, distributed, multi-node, several
machines, grouping; parallel, concurrent, simultaneously, at once, at the same time, multi-threaded, concurrency,
together, batch; batch, bulk, several at once, group, queue, many at once; simultaneous, same time, concurrent, at
once, parallel; asynchronous, async, non-blocking, await; synchronous, sync, blocking; stream, streaming, incremental,
partial, as it arrives, token by token, piece by piece, progressively; partial, incomplete, incremental, partly;
memory, ram, vram, storage; vram, gpu memory, video memory, memory, graphics memory; disk, storage, drive, space, ssd,
hard drive; file, document, folder, attachment; folder, directory, path; table, spreadsheet, tabular, row, column,
csv, excel; database, sql, storage, postgres, mysql, sqlite, store; query, search, sql, question, lookup; format,
layout, style, structure, type, json, shape; structured, json, schema, typed, format, structured output, pydantic,
structure; schema, structure, pydantic, shape, json, format, type; validate, check, verify, validation, valid,
conform, guarantee; guarantee, ensure, assure, promise, warrant, warranty; warranty, guarantee, liability, as is;
retry, reattempt, try again, ask again, repeat, retries, re-ask, second attempt; fail, failure, unsuccessful, break,
crash, error; succeed, success, work, pass; warn, alert, caution, notify, warning, careful; notify, alert, inform,
tell, notification; tell, inform, say, state, announce, report; claim, say, state, assert, report, declare; report,
state, document, announce, describe; mention, name, refer, cite, list; support, handle, work with, compatible, accept,
cope, deal with, support for; compatible, works with, interoperable, support, compatibility, drop-in, interoperate;
integrate, connect, link, plug, combine, work with, integration; connect, attach, link, hook, join, plug; provider,
vendor, supplier, backend, service; switch, change, replace, swap, toggle; replace, substitute, swap, exchange,
instead, in place of, alternative; alternative, instead, substitute, replacement, other, rather than; original,
initial, source, official, upstream; official, authorised, authorized, endorsed, verified, from the makers;
unofficial, community, third-party, not affiliated, independent, unaffiliated; third-party, external, community,
outside, other; external, outside, third-party, remote; internal, inside, built in, within; built in, bundled,
included, native, integrated, come with, shipped, out of the box, part of, core; bundle, ship, include, come with,
package; contain, include, hold, comprise, consist, have, made up, feature; consist, comprise, contain, made of,
composed; feature, capability, function, ability, functionality; ability, capable, capability, skill, can; open
source, open-source, free software, apache, mit license, source available, public, openly, gpl; public, open,
available, published, publicly; available, accessible, obtainable, offered, provided, ready, found; access, reach,
open, availability; gated, request access, approval, agree, accept the license, consent; agree, accept, consent,
approve, approval; copyright, ownership, rights, intellectual property; attribution, credit, acknowledge, citation,
cite; redistribute, distribute, share, pass on, derivative; derive, derivative, based on, come from, derived, origin,
built on, stem from; base, foundation, based, basis, ground; style, look, aesthetic, appearance; subject, person,
object, thing, concept, topic; object, thing, item, entity; entity, named entity, ner, name, named; topic, subject,
theme, area, field; news, article, headline, journalism, press; location, place, city, country, region, geographic;
organization, organisation, company, institution; color, colour, hue; background, backdrop, scene; upscale,
super-resolution, enlarge, increase resolution, upscaler, higher resolution, superresolution; enlarge, upscale, zoom,
magnify; inpaint, inpainting, fill in, missing parts, erase, repaint, mask; outpaint, extend, uncrop; edit, retouch,
manipulate, alter, change, modify; segment, mask, segmentation, cut out, outline; depth, distance, 3d; three
dimensional, 3d, mesh; box, bounding box, rectangle; pose, posture, keypoint, skeleton; denoise, diffusion, noise;
diffusion, denoising, stable diffusion; seed, random number, reproducible; reproducible, deterministic, repeatable,
same result, reproduce; reproduce, replicate, repeat; variation, variant, diverse; restore, recover, undo; backup,
copy, snapshot; copy, duplicate, clone, replicate; clone, copy, imitate, mimic; imitate, mimic, copy, simulate,
emulate; simulate, imitate, emulate, simulation, model; noun, word, term; word, term, token, vocabulary; spelling,
typo, orthography; grammar, syntax; dialect, variety, regional; rare, uncommon, few, minority; common, frequent,
usual, typical, popular, widespread; popular, famous, well-known, widely used, favourite, favorite; known, familiar,
aware; unknown, unfamiliar, undisclosed, not stated; knowledge, information, facts, know; knowledge cutoff, cutoff,
knowledge ends, training data ends; date, day, when, time; daily, every day, each day; outdated, stale, obsolete, old,
out of date; current, present, up to date, up-to-date, latest, now, today; hallucinate, invent, fabricate, made up,
incorrect, hallucination, make up; invent, fabricate, make up, fictional; fact, factual, truth, true, truthful; wrong,
incorrect, false, inaccurate, error, mistaken; accurate, correct, precise, exact, accuracy; intend, meant, designed,
aim, purpose, intended, target; purpose, goal, aim, intent, objective, intended; not intended, out of scope,
unsuitable, should not, inappropriate; suitable, fit, appropriate, good for, ideal, suited, right, suit; beginner,
novice, newcomer, starter, new user, getting started; experienced, expert, advanced, professional, skilled; community,
forum, discord, slack, discussion, group; forum, discussion, board; contact, reach, email, write to; event, meeting,
happening, trigger; trigger, cause, start, fire, launch; watch, observe, monitor; hook, callback, event; callback,
hook, function; plain, simple, ordinary, pure, raw; raw, unprocessed, original; clean, tidy, filter, preprocess,
cleaned; filter, screen, exclude, remove, filtered, sift; exclude, omit, leave out, without, skip; skip, omit, ignore,
leave out; ignore, disregard, overlook; protect, guard, defend, shield; block, prevent, stop, forbid; prevent, avoid,
stop, hinder, keep from; avoid, prevent, escape, without; overfit, overfitting, memorise, memorize, drift; forget,
lose, catastrophic; remember, recall, memorize, retain, memory; rank, order, sort, reorder, rerank, relevance; order,
sequence, arrangement, sort; sort, order, arrange, organize; organize, organise, arrange, structure, group; group,
cluster, set, batch; cluster, group, clustering; match, correspond, fit, equal; pair, couple, match; map, mapping,
overview; multi-modal, multimodal, vision, image, several modalities; vision, visual, see, image, sight, image
understanding; understand, comprehend, interpret, understanding; read, reading, see, scan; ocr, text recognition, read
text, characters, character recognition; write, compose, author, draft; draft, sketch, write; story, fiction,
narrative, creative; poem, poetry, creative; creative, artistic, art, imaginative; art, artwork, artistic, artist;
game, play, gaming; health, medical, clinical, patient, medicine; law, legal, juridical; bank, finance, financial;
country, nation, state; world, global, international, worldwide; rate limit, quota, throttle, limit; quota, limit,
allowance; environment, variable, setting; environment, ecology, carbon, emissions, climate, co2; carbon, emissions,
co2, footprint; energy, power, electricity, consumption; instance, copy, replica, example; container, sandbox,
isolated; permission, right, access, authorization; role, persona, character; character, letter, symbol; symbol, sign,
function, class; bracket, brace, parenthesis, braces; dynamic, flexible, adaptive; static, fixed, constant; flexible,
adaptable, customizable, versatile; stable, robust, reliable, solid; reliable, dependable, robust, trustworthy;
experimental, beta, alpha, preview, unstable, early, prototype; scale, grow, scalable, large scale; production,
deploy, enterprise, live; sponsor, fund, donate, donation, financial support; donate, sponsor, contribution; youtube,
video, channel; lesson, lecture, tutorial, course; lecture, talk, lesson, presentation; site, place, location; colab,
notebook, jupyter, kaggle; notebook, jupyter, colab; snippet, example, fragment, code example; curly, brace, bracket;
vertical bar, pipe; flag, option, switch, argument; at home, own machine, local; head, leader, top; top, highest,
best, head, leading; leaderboard, ranking, benchmark; tab, window; navigate, go, visit, browse, open, move;
accessibility, a11y, screen reader; snapshot, screenshot, capture; capture, record, grab, take; record, capture, save,
log; sensitive, private, delicate; scrub, clean, remove; hide, collapse, fold; pdf, document; emit, send, output;
loss, objective, criterion; regularization, regularisation, prior preservation, class images; identifier, name, token,
id, unique; unique, rare, only, distinct; epoch, pass, iteration; hour, time, duration; minute, time, short time;
duration, time, long; day, date; learning rate, lr; tensor, array, matrix; scikit-learn, sklearn; machine learning,
ml; artificial intelligence, ai; natural language, nlp, plain language, plain english; reinforcement learning, rl,
rlhf; human feedback, rlhf, preference; preference, feedback, ranking; feedback, comment, review, response; review,
assess, inspect, code review, read; speculative decoding, draft model, lookahead; attention, flashattention,
pagedattention; page, block, paging; tool, function, function calling; function calling, tool use, tool calling,
tools; model context protocol, mcp; type, kind, datatype; type safe, typed, static typing, type checking, type hints;
ide, editor, vscode, vs code, autocomplete, vim, jetbrains, cursor; editor, ide, vscode, text editor; autocomplete,
completion, suggest; complete, finish, fill, completion; finish, end, complete, done; begin, start, commence,
initiate; quickstart, getting started, first steps; step by step, walk through, stepwise
"""
"""Groups of near words. A word may be in several; two words are near when one group holds both."""

COVERS = """
programming language: python, javascript, typescript, rust, go, java, ruby, php, c++, c#, swift, kotlin, scala, perl,
lua, haskell, elixir; operating system: linux, windows, macos, mac, ubuntu, debian, android, ios; browser: chrome,
firefox, webkit, safari, chromium, edge; gpu: nvidia, amd, rtx, a100, h100, cuda, rocm, t4, v100; accelerator: nvidia,
amd, tpu, npu, gaudi, ascend, neuron, cuda; graphics card: nvidia, amd, rtx, geforce, radeon, cuda; package manager:
pip, conda, npm, yarn, brew, apt, uv, poetry; version control: git, github, gitlab, svn, commit, commits; deep
learning framework: pytorch, tensorflow, jax, keras, flax; language model: gpt, llama, claude, gemini, mistral, qwen,
deepseek, gemma, bert, chatgpt, llms; llm: gpt, llama, claude, gemini, mistral, qwen, deepseek, gemma, chatgpt,
openai, anthropic; provider: openai, anthropic, google, mistral, cohere, groq, ollama, azure, bedrock, vertex; editor:
vscode, vim, neovim, emacs, jetbrains, intellij, cursor, sublime, windsurf, zed; ide: vscode, jetbrains, intellij,
cursor, pycharm, windsurf; database: postgres, postgresql, mysql, sqlite, mongodb, redis, duckdb; cloud: aws, azure,
gcp, runpod, colab, vertex; open source license: mit, apache, bsd, gpl, agpl; permissive: mit, apache, bsd; image
format: png, jpg, jpeg, webp, gif; data format: json, csv, xml, yaml, parquet; container: docker, podman, kubernetes,
devcontainer; language: english, german, french, spanish, chinese, japanese, arabic, russian, portuguese, italian,
korean, hindi, turkish, dutch, vietnamese, thai; european: german, french, spanish, italian, portuguese, dutch; asian:
chinese, japanese, korean, thai, vietnamese, hindi; social network: twitter, x, linkedin, facebook, instagram, reddit,
discord; social media: twitter, linkedin, facebook, instagram, reddit; package: pip, npm, conda, docker, wheel;
metric: accuracy, f1, bleu, rouge, precision, recall, map, perplexity; notebook: colab, kaggle, jupyter; mobile:
android, ios
"""
"""General words and what they cover: a claim may say the general one for a special one, never the other way round."""
