"""The words by which the extractive model knows its way: kinds of section, of sentence, of artifact, of capability."""

import re

from decomposer.records import Category


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


ABOUT_USE = _any(
    r"\b(?:feature|capabilit|highlight|function|what (?:can|is|does|it)|supported|support(?:s|ing)\b|tasks?\b|tools?\b|use[ -]?cases?"
    r"|intended us|direct use|downstream use|primary (?:intended )?use|usages?\b|overview|about|introduc|description|why\b|key |abilit"
    r"|integrations?|modes?\b|resources?\b|prompts?\b|benefits|advantages|applications?\b|summary|includes?\b|providers?\b)",
    r"特性|功能|亮点|能力|简介|介绍|支持|概述|特点|機能|特徴|概要|サポート|できること|возможност|особенност|функци|описани|преимуществ|что |о проекте|можливост",
    r"مميزات|المميزات|الميزات|ميزات|وصف|الخصائص|ویژگی",
)
ELSEWHERE = _any(
    r"\b(?:install|quick ?start|getting started|set ?up|build(?:ing)? from|licen[cs]e|cit(?:e|ing|ation)|bibtex|contribut|acknowledg|thanks"
    r"|credits?|authors?|maintainers?|team|contact|community|sponsor|donat|backers|news|changelog|change log|release|roadmap|todo|history"
    r"|faq|troubleshoot|known issues|requirements?|prerequisit|dependenc|configur|environment variables|options|arguments|parameters|flags"
    r"|hyperparameter|environment(?:al)? impact|carbon|hardware|hash|checksum|related (?:work|project)|references?|see also|further reading"
    r"|bias|ethic|risk|limitation|out[- ]of[- ]scope|misuse|caveat|disclaimer|safety|fairness|evaluation|benchmark|results?|metrics"
    r"|training (?:data|procedure|details|code)|pre-?training|dataset creation|annotation|curation|personal|preprocessing|social impact"
    r"|model (?:date|version|card contact)|more information|support us|star|download|mirror|testing|tests?\b|develop(?:ment|ing)|debug"
    r"|compil|docker|deploy|version|who is using|testimonial|kind words|badge|table of contents|terms|privacy|security polic|code of conduct)",
    r"安装|许可|引用|贡献|致谢|更新|新闻|联系|评测|部署|环境|依赖|配置|声明|协议|インストール|ライセンス|引用|謝辞|更新|ニュース|要件|установк|лиценз|цитир"
    r"|вклад|благодарн|новост|требован|контакт|التثبيت|المتطلبات|المساهمة|الترخيص|встановленн|ліценз|внес",
)
INTRODUCES = _any(
    r"\b(?:features?|supports?|includ\w+|provides?|offers?|can|capable|able to|allows?|enables?|such as|following (?:tasks|tools|features|capabilit)"
    r"|used (?:for|to)|use it (?:for|to)|with)\b[^.]*[:：]\s*$",
    r"(?:支持|包括|功能|特点|以下|可以|提供|機能|対応|поддерживает|возможности|включая|يدعم|تشمل)[^。.]*[:：]\s*$",
)
CAN_DO = _any(
    r"\b(?:lets? (?:you|users|developers|anyone|llms?|agents?|people|\w+)|allows? (?:you|users|\w+) to|enables? |(?:can|may) (?:be used (?:to|for|as)|also |\w+)"
    r"|is able to|are able to|supports?\b|provides? |offers? |(?:is|are) (?:designed|intended|meant|built|made|optimized|trained|fine-?tuned|suited|well-suited|used) (?:to|for|on)"
    r"|helps? (?:you )?(?:to )?\w+|generates?\b|converts?\b|detects?\b|recogni[sz]es?\b|translates?\b|extracts?\b|classif(?:y|ies)\b|transcribes?\b|predicts?\b"
    r"|summari[sz]es?\b|searches?\b|automat\w+|integrates? (?:with|into)|works? with|compatible with|runs? on|implements?\b|brings?\b|turns? |transforms? |creates? |produces? )",
    r"支持|可以|能够|可用于|提供|实现|用于|適|できます|対応|サポート|可能です|поддержива|позволя|может|можно|предоставля|умеет|обеспечива|يدعم|يمكن|يستخدم|يتيح|يوفر|підтрим|дозволя|може",
)
IS_A = _any(
    r"^(?:\W*[\w./@+ -]{1,60}?\s+)?(?:is|are|was)\s+(?:an?|the|our|one of|your)\s+(?:[\w/&'’-]+[ ,]+){0,10}?(?:model|models|library|framework|tool|toolkit|server|package|platform"
    r"|dataset|corpus|benchmark|engine|interface|application|app|assistant|agent|api|sdk|plugin|extension|implementation|collection|suite|system|cli|client"
    r"|network|transformer|encoder|decoder|vae|pipeline|solution|app|list|index|wrapper|version|language model|llm|family|set|repository|checkpoint)\b",
    r"是(?:一|基于|由|用)|です。|—\s*это|هو |هي |является",
)
COMPARES = _any(
    r"\b(?:than|compared (?:to|with)|unlike|versus|vs\.?|outperform\w*|surpass\w*|on par with|in contrast to|rather than|alternatives? to|drop-in replacement)\b",
    r"相比|优于|超过|比.{1,20}更|より|по сравнению|в отличие|مقارنة",
)
SETS_APART = _any(
    r"\b(?:unique\w*|novel|the (?:first|only)\b|distinguish\w*|differs? from|special(?:ly)? in that|innovat\w+|state[- ]of[- ]the[- ]art|sets? .{1,20} apart)\b",
    r"独特|独有|首个|唯一|唯一の|уникальн|впервые|فريد",
)

LEAD = re.compile(r"^(?:\W{0,4})(?P<lead>[^:：–—|]{3,70}?)\s*(?:[:：]\s|\s[–—-]\s|：)(?P<rest>\S.*)$", re.DOTALL)
BOLD = re.compile(r"^\W{0,4}(?:\*\*|__|<b>|<strong>|\[\*\*)(?P<bold>[^*_<]{3,80})")
VERB = re.compile(
    r"\b(?:lets? (?:you|users|developers|anyone|llms|agents)|allows? (?:you|users|developers) to|enables? (?:you|users|llms|developers) to|"
    r"can be used (?:to|for)|is able to|designed (?:to|for)|intended (?:to|for)|used (?:to|for)|provides?|offers?|supports?|helps? you)\s+(?:the |an? )?",
    re.IGNORECASE,
)
CUT = re.compile(
    r"[,;.(:!?。，；（：]|\s(?:that|which|who|so that|because|while|whenever|using|via|through|with|and then)\s"
)
DANGLING = re.compile(
    r"(?:\s+(?:a|an|and|as|at|by|for|from|in|is|of|on|or|that|the|to|what|which|with|your|its|their|into))+$", re.I
)
MOSTLY_NUMBERS = re.compile(
    r"(?:[\d.%±,\-–—/\s|✓✔✗x×✅❌]|\b(?:yes|no|partly|partial|n/a|true|false)\b)+", re.IGNORECASE
)
SELF = re.compile(
    r"^(?:please|note|see|click|run|for (?:more|further)|if you|you (?:need|should|must|will)|we (?:are|have|thank)|this (?:will|section)|make sure)\b",
    re.I,
)
NOT_ABOUT_IT = re.compile(
    r"\bcan be (?:downloaded|found|obtained|installed)\b|\((?:string|number|integer|boolean|bool|array|object|required|optional|int|str|float)\b[^)]*\)\s*(?::|-|$)"
    r"|^(?:details|instructions|documentation|examples|the code|code|weights|more)\b",
    re.IGNORECASE,
)
DEFINES = re.compile(r"^\W*[\w./@+ -]{1,60}?\s(?:is|are)\s(?:an?|the|our|your)\s+", re.IGNORECASE)
SUBJECT = re.compile(
    r"^(?:it|this \w+|these \w+|the \w+|you|users?|we)\s+(?:(?:can|may|will|could|is able to|are able to)\s+)?(?:also\s+)?(?:be used (?:to|for|as)\s+)?",
    re.IGNORECASE,
)

CATEGORIES: tuple[tuple[Category, re.Pattern[str]], ...] = (
    ("video.motion", _any(r"\bvideos?\b|\banimation|\bmotion\b|视频|動画|видео")),
    ("audio.speech", _any(r"\baudio|\bspeech|\bvoice|\bmusic|\btts\b|\basr\b|\btranscri|\bsound|语音|音频|音声|речь|голос")),
    ("image.visual", _any(r"\bimages?\b|\bvision|\bvisual|\bpictures?\b|\bphotos?\b|\binpaint|\bobject detection|\bsegmentation\b|\bocr\b|\bupscal|图像|图片|画像|изображен|الصور|صور")),
    ("code.generation.editing", _any(r"\bcod(?:e|es|ing)\b|\bprogramming|\brefactor|\blint|\bpull requests?\b|\brepositor|\bcommits?\b|代码|コード|код\b")),
    ("search.retrieval", _any(r"\bsearch|\bretriev|\brag\b|\bembedding|\bindex(?:es|ing)?\b|\blook ?up|\bsimilarity|搜索|检索|検索|поиск|بحث")),
    ("memory.knowledge", _any(r"\bmemor(?:y|ies)\b|\bknowledge\b|\bcontext window|\bnotes?\b")),
    ("model.training", _any(r"\btrain|\bfine-?tun|\blora\b|\bdreambooth|\bquanti[sz]|\bcheckpoint|\bdistill|\bre-?sampl|训练|微调|量化|学習|обучен|تدريب")),
    ("safety.evaluation", _any(r"\bsafe|\bguard|\bmoderat|\bevaluat|\bbenchmark|\bbias\b|\btest(?:s|ing)?\b|\bverif|\bvalidat|评测|評価|оценк")),
    ("planning.reasoning", _any(r"\bplan|\breason|\bmath|\blogic|推理|推論|рассужд")),
    ("automation.workflow", _any(r"\bworkflow|\bautomat|\bschedul|\bpipeline|\bbatch|\borchestr|\bagents?\b|工作流|自动|自動|автомат")),
    ("text.generation.language", _any(r"\btext|\blanguage|\bchat|\btranslat|\bsummar|\bwrit|\bquestion|\bconversation|\bdialog|\bnlp\b|\bentit|文本|对话|翻译|文章|текст|перевод|язык|نص")),
    ("data.processing.analysis", _any(r"\bdata|\bjson\b|\bcsv\b|\bpars|\bextract|\bconvert|\btables?\b|\bsql|\bformat|\bschema|数据|データ|данны|بيانات")),
    ("tool.use.integration", _any(r"\btool|\bapi\b|\bintegrat|\bplugin|\bserver|\bclient|\bsupport|\bcompatib|\bproviders?\b|\bmcp\b|\bcli\b|工具|接口|ツール|инструмент|أداة")),
)  # fmt: skip


def category(text: str) -> Category:
    """Return the published category whose words come first in `text`; `other` where none does."""
    found = (
        (match.start(), order, name) for order, (name, words) in enumerate(CATEGORIES) if (match := words.search(text))
    )
    return min(found, default=(0, 0, "other"))[2]
