"""The vocabulary of the field: concepts by facet, each with the words and phrases that stand for it."""

MODALITY = """
text: text, prose, paragraph, natural language
image: image, picture, photo, photograph, visual, illustration, drawing, artwork, screenshot, painting
video: video, clip, film, footage, movie
audio: audio, sound, recording, acoustic, wav, mp3
speech: speech, voice, spoken, speaker, utterance
music: music, song, melody, instrument, soundtrack
3d: 3d, mesh, point cloud, nerf, gaussian splatting
code: code, source code, programming, coding, codebase, software development
table: table, tabular, spreadsheet, csv, dataframe, column
document: document, pdf, docx, invoice, form, scanned
web page: web page, webpage, website, html
time series: time series, forecast, sensor data
graph: knowledge graph, graph database, ontology, triple
"""

ACTION = """
generate: generate, generation, create, creation, produce, synthesize, draw, write, compose
understand: understand, understanding, interpret, comprehend, perceive, perception, comprehension
analyze: analyze, analysis, inspect, examine, examination
answer: answer, question answering, vqa, q&a
search: search, retrieve, retrieval, lookup, query, find, discover
convert: convert, conversion, export, migrate
review: review, code review, critique, lint
explain: explain, explanation, document code, docstring, describe
train: train, training, trainer, pretrain
configure: configure, configuration, settings, config, yaml, preferences, hyperparameter
orchestrate: orchestrate, orchestration, workflow, coordinate
plan: plan, planning, decompose task, subtask, step by step plan
automate: automate, automation
control: control, steer
reason: reason, reasoning, logic, deduce
verify: verify, verification, validate, validation, fact check
split: split, chunk, chunking
connect: connect, integrate, integration, connector, plugin
template: template, boilerplate, scaffold
call: call, invoke, invocation
"""

TASK = """
edit: edit, editing, modify, modification, retouch, manipulate, alter
detect: detect, detection, localize, locate, localization, bounding box
classify: classify, classification, classifier, categorize, categorization
segment: segmentation, instance mask, semantic mask, matting, background removal
recognize text: ocr, optical character recognition, text recognition, printed text, handwriting
transcribe: transcribe, transcription, transcript, speech to text, speech recognition, asr, stt, dictation
speak: text to speech, tts, voice synthesis, speech synthesis, read aloud, narrate, voice over
separate speakers: diarization, who spoke, speaker label, speaker separation, speaker boundary, speaker identification
clone voice: voice cloning, voice conversion, clone voice
translate: translate, translation, translator
summarize: summarize, summary, summarization, condense, digest
extract: extract, extraction, parse, parsing, pull out, structured information, entity recognition
rank: rank, ranking, rerank, reranker, relevance
recommend: recommend, recommendation, suggest, suggestion
complete: completion, complete code, autocomplete, fill in, infill
refactor: refactor, restructure, rewrite code, clean up code
debug: debug, debugging, bug, fix error, troubleshoot, traceback
test: test, unit test, test case, assertion, test suite
execute: execute, execution, code interpreter, sandbox, sandboxed, run code, repl
fine-tune: fine tune, fine tuning, finetune, finetuning, specialize, personalize, personalization, transfer learning
evaluate: evaluate, evaluation, benchmark, leaderboard, score, metric, assess
compare: compare, comparison, side by side, versus
deploy: deploy, deployment, serve, serving, host, hosting, production
install: install, installation, setup, set up, installer
log: log, logging, track, tracking, record metric, tensorboard, weights & biases, wandb, mlflow, experiment tracking
monitor: monitor, monitoring, observability, telemetry, dashboard, alert, tracing
visualize: visualize, visualization, plot, chart, diagram
stream: stream, streaming, incremental, incrementally, token by token, server sent events, sse, partial response, real time output
cache: cache, caching
batch: batch, bulk, batch job, asynchronous job, batch api
schedule: schedule, scheduling, cron, trigger, queue
remember: conversation memory, long term memory, remember, persist, persistence, message history, conversation history, chat history, previous message, previous turn, recall
chat: chat, chatbot, conversation, conversational, dialogue, dialog, multi turn, multiple turns, assistant
calculate: math, mathematical, calculate, arithmetic, equation, solve
moderate: moderate, moderation, content filter, safety filter, toxicity, harmful, guardrail
redact: redact, anonymize, pii, personal data, mask personal
download: download, fetch, pull model
upload: upload, publish
upscale: upscale, upscaling, super resolution, enhance resolution, upscaler
restore: restore, denoise, deblur, colorize, enhance
compress: compress, compression, shrink, prune, pruning, slim
merge: merge, blend, fuse, ensemble
browse: browse, browser automation, click, navigate, scrape, crawl
route: route, routing, load balance, fallback, gateway
authenticate: authenticate, authentication, oauth, login, permission, access control
embed: embed, embedding, vectorize, vector representation
cluster: clustering, group similar, deduplicate, deduplication
caption: caption, captioning, image description, alt text
animate: animate, talking head, lip sync, motion transfer
sample: sample, sampler, sampling, resample, oversample
simulate: simulate, simulation, mock, emulate
infer schema: schema inference, infer schema, schema discovery
"""

TECHNIQUE = """
lora: lora, low rank adaptation, qlora, peft, parameter efficient, adapter
dreambooth: dreambooth, subject driven, class prior, prior preservation, unique identifier, rare identifier, subject identifier
textual inversion: textual inversion, pseudo word, learned embedding
full fine-tuning: full fine tuning, full parameter, all weights
instruction tuning: instruction tuned, instruction tuning, supervised fine tuning, sft, instruction following, follow instructions
preference tuning: rlhf, dpo, reinforcement learning, reward model, human feedback, preference optimization
regularization set: regularization image, regularization set, class image
distillation: distillation, distilled, student model, teacher model
quantization: quantization, quantized, int4, int8, 4 bit, 8 bit, gptq, awq, gguf, low precision
mixed precision: mixed precision, fp16, bf16, half precision
multi-gpu: multi gpu, multiple gpu, several gpu, distributed training, data parallelism, data parallel, ddp, fsdp, tensor parallelism, pipeline parallelism, several gpu, several graphics card
gradient checkpointing: gradient checkpointing, activation checkpointing
checkpointing: checkpoint, resume training, save weights
function calling: function calling, function call, tool calling, tool use, call function, function declaration, tool call, choose a function
structured output: structured output, constrained decoding, json mode, json output, schema compliance, valid json, grammar based, guided decoding, guaranteed json, valid json
retrieval augmentation: rag, retrieval augmented, retrieval augmentation, retrieve passage, grounding documents
agent: agent, agentic, autonomous, multi agent
prompt engineering: prompt template, prompt engineering, system prompt, few shot, in context learning
chain of thought: chain of thought, thinking mode, thinking tokens, extended thinking
guidance scale: classifier free guidance, guidance scale, cfg, prompt strength, guidance strength, prompt adherence
negative prompt: negative prompt, negative prompting
inpainting: inpaint, inpainting, masked region, fill mask, object removal
outpainting: outpaint, outpainting, extend canvas, uncrop
image-to-image: image to image, img2img, image variation, init image
text-to-image: text to image, txt2img, image from text, image from prompt
text-to-video: text to video, video from text
image-to-video: image to video
controlnet: controlnet, pose conditioning, depth conditioned, edge map, structural conditioning
style transfer: style transfer, stylize
instruction editing: edit by instruction, instruction based editing, instructpix2pix, kontext
face swap: face swap, deepfake
latent space: latent space, latent diffusion, vae, autoencoder
noise schedule: noise scheduler, noise schedule, ddim, euler, sampling steps, denoising step
prompt caching: prompt caching, prompt cache, context caching, context cache, cached context, prefix caching
long context: long context, context window, million token, 1m token, long document
speculative decoding: speculative decoding, draft model
batching: continuous batching, dynamic batching, batch inference, paged attention
vector search: vector search, semantic search, vector database, nearest neighbor, similarity search
keyword search: keyword search, full text search, bm25
web search: web search, internet search, google search
natural language to sql: text to sql, natural language to sql, sql query, sql
code completion: code completion, autocomplete, fill in the middle
repository map: repository map, codebase index, codebase map, repo map
speech translation: speech translation
mcp: mcp, model context protocol
mixture of experts: mixture of experts, moe, sparse expert
attention optimization: flash attention, xformers, attention slicing
offloading: offload, offloading, cpu offload, low vram
watermark: watermark, watermarking, provenance mark, synthid
federated: federated learning
synthetic data: synthetic data, data augmentation, data generation
hyperparameter search: hyperparameter search, hyperparameter sweep, hyperparameter evolution, grid search, automl
self-correction: self correct, self correction, self healing, feedback loop, execution feedback, iteratively refine
"""

OBJECT = """
prompt: prompt, instruction, directive
token: token, tokenizer, tokenization
message: message
subject: subject, person, character
style: style, aesthetic, tone, persona
schema: schema
json: json, xml
function: function, tool
api: api, endpoint, rest, sdk, grpc, http, client library
database: database, postgres, mysql, sqlite
dataset: dataset, corpus, training data, own data, custom data, custom dataset
gpu: gpu, graphics card, cuda, vram, hardware, accelerator
cloud: cloud, aws, azure, gcp, runpod, cloud gpu
notebook: notebook, jupyter, colab, kaggle
container: docker, kubernetes, container, helm
terminal: terminal, command line, cli, shell
editor: ide, code editor, vs code, jetbrains
web interface: web interface, web ui, gui, user interface, playground, no code, web based interface, web app
node graph: node graph, node based, visual graph
version control: git, commit, pull request, github, branch
issue: issue, ticket, bug report
file: file, folder, filesystem
browser: browser, tab, playwright, selenium
email: email, mail, inbox
calendar: calendar, meeting
model variant: model variant, model version, model size, variant, edition
weights: weights, open weights, pretrained model
region: region, mask
scene: scene, object
diagram: diagram, chart
subtitle: subtitle, caption file, srt
timestamp: timestamp, timestamped
embedding space: embedding space, shared representation, joint embedding, latent representation
tutorial: tutorial, course, lesson, walkthrough
policy: policy, access policy, compliance
license: license, commercial use
customer: customer, support ticket, helpdesk, customer service
"""

QUALITY = """
speed: latency, low latency, fast, faster, quick, throughput, time to first token, speed, real time performance
memory footprint: memory footprint, memory efficient, small size, lightweight, vram requirement, memory requirement, low memory
cost: cost, price, cheap, cheaper, free, budget
accuracy: accuracy, accurate, quality, state of the art
multilingual: multilingual, many languages, 100 languages, hundred languages, dozens of languages, cross lingual, languages, multiple languages
multimodal: multimodal, modality, mixed media, cross modal, interleaved
offline: offline, locally, local model, on device, self hosted, edge, laptop, private
safety: safe, safety, harm, responsible, red team
realtime: real time, live, interactive
scalability: scale, scalable, scaling, enterprise
reproducible: reproducible, deterministic, seed, fixed seed
consumer hardware: consumer gpu, consumer hardware, single gpu
"""

DOMAIN = """
medicine: medical, medicine, clinical, health, healthcare, biomedical, patient
law: legal, law, contract
finance: financial, finance, trading, stock, bank
science: scientific, science, research paper, chemistry, biology, protein
education: education, student, classroom
commerce: ecommerce, shop, product listing, marketing
games: game, gaming, npc
robotics: robot, robotics
security: cybersecurity, vulnerability, malware, penetration
geography: geospatial, map data, satellite
"""

PLATFORM = """
colab: colab
kaggle: kaggle
runpod: runpod, massedcompute, massed compute
docker: docker
kubernetes: kubernetes, k8s
aws: aws, bedrock, sagemaker
azure: azure
google cloud: vertex, google cloud, gcp
hugging face: hugging face, huggingface, transformers library
github: github
gitlab: gitlab
slack: slack
discord: discord
telegram: telegram
whatsapp: whatsapp
notion: notion
obsidian: obsidian
jira: jira, linear
onnx: onnx
tensorrt: tensorrt
coreml: coreml
tflite: tflite
pytorch: pytorch, torch
tensorflow: tensorflow, keras
jax: jax, flax
ollama: ollama
vllm: vllm
llama.cpp: llama cpp
windows: microsoft windows
linux: linux
macos: macos, apple silicon
android: android
ios: ios
chrome: chrome
firefox: firefox
python: python
javascript: javascript, typescript, node js
rust: rust
java: java
sql: sql
arabic: arabic
chinese: chinese, mandarin
japanese: japanese
german: german
french: french
spanish: spanish
russian: russian
korean: korean
hindi: hindi
"""

FACETS: dict[str, str] = {
    "modality": MODALITY,
    "action": ACTION,
    "task": TASK,
    "technique": TECHNIQUE,
    "object": OBJECT,
    "quality": QUALITY,
    "domain": DOMAIN,
    "platform": PLATFORM,
}
"""Every facet with its lines `concept: phrase, phrase`."""

DENIALS = frozenset(
    {("without",), ("instead", "of"), ("rather", "than"), ("not",), ("no",), ("never",), ("nor",), ("unlike",)}
)
"""What says no to the words after it."""

PRODUCE = "generate create produce synthesize draw render emit return write compose output sing"
"""Verbs whose object comes out."""
CONSUME = (
    "accept process read analyze analyse understand transcribe handle ingest listen interpret describe examine caption "
    "see watch hear parse recognize detect classify segment turn convert transform take input given from"
)
"""Verbs and words whose object goes in."""
MADE = frozenset("generation output outputs synthesis creation rendering generator".split())
"""Nouns that make what stands before them come out: "image generation"."""
GIVEN = frozenset(
    "input inputs understanding analysis recognition processing classification captioning comprehension".split()
)
"""Nouns that make what stands before them go in: "image understanding"."""
