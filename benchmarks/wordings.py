"""Wordings of made-up capabilities: tasks, objects, techniques and filler, each in several ways that mean the same."""

TASKS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "summarize": (
        ("{O} summarization", "Summaries of {o}", "Condensing {o}"),
        ("Summarizes {o}", "Condenses {o} into a short digest", "Writes a brief summary of {o}"),
    ),
    "translate": (
        ("{O} translation", "Translating {o}", "Multilingual {o}"),
        ("Translates {o} between languages", "Renders {o} in another language", "Produces translations of {o}"),
    ),
    "classify": (
        ("{O} classification", "Classifying {o}", "Category labels for {o}"),
        ("Classifies {o} by category", "Assigns {o} to classes", "Sorts {o} into labelled categories"),
    ),
    "detect anomalies": (
        ("Anomaly detection in {o}", "Outlier spotting for {o}", "Finding unusual {o}"),
        ("Detects anomalies in {o}", "Flags unusual entries in {o}", "Spots outliers among {o}"),
    ),
    "extract": (
        ("Field extraction from {o}", "{O} parsing", "Structured data from {o}"),
        ("Extracts structured fields from {o}", "Pulls key values out of {o}", "Parses {o} into structured records"),
    ),
    "search": (
        ("{O} search", "Semantic retrieval of {o}", "Searching {o} by meaning"),
        ("Searches {o} by meaning", "Finds relevant {o} for a query", "Retrieves {o} that answer a question"),
    ),
    "generate": (
        ("{O} generation", "Generating {o}", "Synthetic {o}"),
        ("Generates {o} from a prompt", "Creates new {o} from a description", "Produces {o} from instructions"),
    ),
    "rank": (
        ("{O} ranking", "Reranking of {o}", "Relevance order for {o}"),
        ("Ranks {o} by relevance", "Reorders {o} so that the most relevant come first", "Scores and sorts {o}"),
    ),
    "redact": (
        ("{O} redaction", "Anonymizing {o}", "Personal data removal from {o}"),
        ("Redacts personal data in {o}", "Anonymizes {o}", "Masks names and addresses in {o}"),
    ),
    "deduplicate": (
        ("{O} deduplication", "Duplicate removal in {o}", "Finding repeated {o}"),
        ("Removes duplicates from {o}", "Finds near-identical {o} and keeps one", "Deduplicates collections of {o}"),
    ),
    "forecast": (
        ("{O} forecasting", "Predicting {o}", "Forecasts of {o}"),
        ("Forecasts {o} for the coming weeks", "Predicts future {o}", "Estimates how {o} will develop"),
    ),
    "validate": (
        ("{O} validation", "Checking {o} against rules", "Rule checks for {o}"),
        ("Validates {o} against a set of rules", "Checks {o} for errors", "Verifies that {o} obey stated constraints"),
    ),
    "visualize": (
        ("{O} visualization", "Charts of {o}", "Plotting {o}"),
        ("Visualizes {o} as charts", "Plots {o} in a dashboard", "Draws diagrams of {o}"),
    ),
    "compress": (
        ("{O} compression", "Compact {o}", "Shrinking {o}"),
        ("Compresses {o} with little loss", "Shrinks {o} to save space", "Reduces the size of {o}"),
    ),
    "convert": (
        ("{O} conversion", "Format migration of {o}", "Converting {o}"),
        ("Converts {o} to open formats", "Exports {o} in other formats", "Migrates {o} between formats"),
    ),
    "monitor": (
        ("{O} monitoring", "Live watch on {o}", "Alerts for {o}"),
        ("Monitors {o} and raises alerts", "Watches {o} around the clock", "Tracks {o} and notifies on changes"),
    ),
    "annotate": (
        ("{O} annotation", "Labelling {o}", "Annotation workbench for {o}"),
        ("Lets teams annotate {o}", "Adds labels to {o} by hand or in bulk", "Labels {o} for training"),
    ),
    "simulate": (
        ("{O} simulation", "Simulated {o}", "Mock {o}"),
        ("Simulates {o} for testing", "Emulates {o} before real ones exist", "Runs simulated {o} through a scenario"),
    ),
    "compare": (
        ("{O} comparison", "Comparing {o} side by side", "Differences between {o}"),
        ("Compares {o} side by side", "Shows how {o} differ", "Reports the differences between two sets of {o}"),
    ),
    "recommend": (
        ("{O} recommendation", "Suggesting {o}", "Recommended {o}"),
        ("Recommends {o} for each person", "Suggests {o} that fit the history", "Proposes suitable {o}"),
    ),
}
"""Each task with names and with sentences; `{o}` stands for the object, `{O}` for it in the singular at the start."""

METHODS: tuple[tuple[tuple[str, str], str], ...] = (
    (("LoRA training", "low-rank adapter training"), "text image video audio code table"),
    (("DreamBooth training", "subject-driven fine-tuning"), "image"),
    (("full fine-tuning", "training of all weights"), "text image video audio code table"),
    (("instruction tuning", "supervised fine-tuning on instructions"), "text code"),
    (("preference tuning", "alignment with human feedback"), "text image code"),
    (("inpainting", "filling of masked regions"), "image video"),
    (("outpainting", "extension beyond the canvas"), "image video"),
    (("style transfer", "stylization"), "image video audio"),
    (("super-resolution", "upscaling"), "image video"),
    (("structured output", "JSON that follows a schema"), "text table"),
    (("function calling", "tool calling"), "text code table"),
    (("prompt caching", "reuse of cached context"), "text code"),
    (("retrieval-augmented answers", "RAG question answering"), "text code table"),
    (("quantization", "low-precision weights"), "text image video audio code table"),
    (("distillation", "student model training"), "text image video audio code table"),
    (("speculative decoding", "draft-model decoding"), "text code"),
    (("federated learning", "training without moving data"), "text image video audio code table"),
    (("topic modelling", "theme discovery"), "text"),
    (("entity linking", "linking of mentions to a knowledge base"), "text"),
    (("speaker diarization", "telling speakers apart"), "audio video"),
    (("voice cloning", "copying of a voice"), "audio"),
    (("lip sync", "matching of lips to speech"), "video audio"),
    (("text recognition", "OCR"), "image video"),
    (("hyperparameter search", "automatic tuning of settings"), "text image video audio code table"),
)  # fmt: skip
"""Techniques that are themselves what a user is after, each in two ways, with the modalities that they suit."""
METHOD_NAMES = ("{X} for {o}", "{O} {x}", "{X} on {o}")
METHOD_SENTENCES = ("Offers {x} for {o}", "Applies {x} to {o}", "Brings {x} to models of {o}", "Does {x} on {o}")

HEADS: tuple[tuple[str, str, str], ...] = (
    ("report", "reports", "text"), ("invoice", "invoices", "text"), ("transcript", "transcripts", "text"),
    ("contract", "contracts", "text"), ("review", "reviews", "text"), ("letter", "letters", "text"),
    ("manual", "manuals", "text"), ("article", "articles", "text"), ("ticket", "tickets", "text"),
    ("recipe", "recipes", "text"), ("patent", "patents", "text"), ("caption", "captions", "text"),
    ("photo", "photos", "image"), ("scan", "scans", "image"), ("drawing", "drawings", "image"),
    ("poster", "posters", "image"), ("portrait", "portraits", "image"), ("map", "maps", "image"),
    ("logo", "logos", "image"), ("texture", "textures", "image"), ("clip", "video clips", "video"),
    ("trailer", "trailers", "video"), ("animation", "animations", "video"), ("broadcast", "broadcasts", "video"),
    ("song", "songs", "audio"), ("podcast", "podcasts", "audio"), ("call", "call recordings", "audio"),
    ("voice note", "voice notes", "audio"), ("soundscape", "soundscapes", "audio"),
    ("interview", "interviews", "audio"),
    ("query", "queries", "code"), ("script", "scripts", "code"), ("patch", "patches", "code"),
    ("log", "logs", "table"), ("ledger", "ledgers", "table"), ("survey", "surveys", "table"),
    ("sensor reading", "sensor readings", "table"), ("timetable", "timetables", "table"),
    ("roster", "rosters", "table"),
    ("shipment", "shipments", "table"),
)  # fmt: skip
"""Things with their plural and modality."""

MODIFIERS: tuple[tuple[str, ...], ...] = (
    ("court", "courtroom"), ("hospital", "clinic"), ("dental", "dentist"), ("insurance", "insurer"),
    ("warehouse", "depot"), ("railway", "train"), ("airport", "airfield"), ("harbour", "port authority"),
    ("museum", "gallery"), ("school", "classroom"), ("wedding", "marriage"), ("football", "soccer"),
    ("chess",), ("fashion", "apparel"), ("bakery", "pastry"), ("wine", "vineyard"), ("coffee", "espresso"),
    ("garden", "horticulture"), ("forest", "woodland"), ("glacier",), ("volcano", "volcanic"),
    ("river", "stream gauge"),
    ("bridge",), ("tunnel",), ("elevator", "lift"), ("bicycle", "bike"), ("satellite", "orbital"), ("drone", "UAV"),
    ("laboratory", "lab"), ("pharmacy", "drugstore"), ("veterinary", "animal clinic"), ("tax", "revenue office"),
    ("payroll", "salary"), ("mortgage", "home loan"), ("auction",), ("tenant", "renter"), ("real estate", "property"),
    ("newsroom", "press"), ("election", "ballot"), ("parliament", "legislative"), ("charity", "non-profit"),
    ("theatre", "stage"), ("orchestra", "symphony"), ("jazz",), ("hip-hop", "rap"), ("folklore", "folk tale"),
    ("genome", "genomic"), ("protein",), ("weather", "meteorological"), ("earthquake", "seismic"),
    ("telescope", "astronomical"), ("microscope", "microscopy"), ("battery",), ("solar", "photovoltaic"),
    ("wind farm", "wind turbine"), ("refinery",), ("mining", "quarry"), ("textile", "fabric"), ("furniture",),
    ("toy",), ("pet", "companion animal"), ("horse", "equine"), ("fishery", "fishing"), ("poultry", "chicken farm"),
)  # fmt: skip
"""What a thing is about, each in one way or two."""

DETAILS: tuple[tuple[str, str], ...] = (
    ("from three to five photos", "given a handful of pictures"),
    ("in more than 100 languages", "across a hundred languages"),
    ("on a single consumer GPU", "with one gaming graphics card"),
    ("with word-level timestamps", "timed to the single word"),
    ("streamed token by token", "as a stream of partial results"),
    ("through a REST endpoint", "over an HTTP interface"),
    ("inside a Jupyter notebook", "from notebook cells"),
    ("with 4-bit quantized weights", "at 4-bit precision"),
    ("behind a web interface", "in a browser window"),
    ("with low-rank adapters", "through LoRA weights"),
    ("from a handful of examples", "by few-shot prompting"),
    ("over a knowledge graph", "with an entity graph"),
    ("with a person in the loop", "by active learning"),
    ("by latent diffusion", "with a diffusion backbone"),
    ("with passages retrieved from a vector database", "by semantic search over embeddings"),
    ("with a distilled student model", "by knowledge distillation"),
    ("under a fixed JSON schema", "as JSON that obeys a schema"),
    ("by contrastive training of embeddings", "with contrastively learned vectors"),
    ("with sparsely routed experts", "by a mixture of experts"),
    ("from reward signals", "by reinforcement learning"),
    ("as a Kubernetes operator", "inside Kubernetes clusters"),
    ("from the command line", "as a terminal tool"),
    ("on mobile phones", "on Android and iOS devices"),
    ("without a network connection", "fully offline"),
    ("with speaker labels", "marked by who is speaking"),
    ("with a confidence score for each result", "scored by how sure the model is"),
    ("with bounding boxes around every object", "with each object outlined by a box"),
    ("by several agents that divide the work", "through cooperating agents"),
    ("with memory of earlier conversations", "while remembering previous chats"),
    ("in batches overnight", "as bulk jobs at night"),
    ("in real time", "with low latency"),
    ("with citations of the source documents", "pointing to the documents it drew from"),
    ("by fine-tuning a pretrained transformer", "with a transformer tuned on own data"),
    ("with experiment tracking", "with logged metrics for every run"),
    ("on several GPUs at once", "with distributed training"),
    ("by chain-of-thought prompting", "with reasoning step by step"),
    ("with a choice of voices", "in selectable voices"),
    ("at 4K resolution", "in ultra-high definition"),
    ("with pose and depth control", "guided by ControlNet maps"),
    ("with negative prompts", "with prompts for what to avoid"),
    ("with access control for teams", "behind team permissions"),
    ("with human feedback", "from ratings by people"),
    ("through a Slack bot", "inside Slack channels"),
    ("as a VS Code extension", "in the VS Code editor"),
    ("with cached prompts", "by prompt caching"),
    ("with automatic evaluation against a benchmark", "measured on a benchmark"),
    ("from scanned PDF documents", "out of PDF scans"),
    ("with an SQL interface", "by SQL queries"),
    ("via the Model Context Protocol", "as an MCP server"),
    ("with safety filters", "under content moderation"),
    ("with synthetic training data", "on generated training examples"),
    ("with mixed-precision training", "in half precision"),
    ("from a single reference image", "given one sample picture"),
    ("with a drag-and-drop node editor", "through a visual node graph"),
    ("with scheduled runs", "on a cron schedule"),
    ("with fallbacks between providers", "by routing over several providers"),
    ("with background removal", "after cutting out the background"),
    ("with emotion and pitch control", "with adjustable tone and pitch"),
    ("by topic clusters", "grouped by topic"),
    ("with version control of every change", "with each change kept in Git"),
)
"""How, where or with what it is done, each in two ways; a capability has two of them."""

SOURCES: tuple[tuple[str, ...], ...] = (
    ("kept in {e}", "stored in {e}"), ("from {e} archives", "out of {e} archives"),
    ("for the {e} standard", "that follow the {e} standard"), ("sent through {e}", "delivered over {e}"),
)  # fmt: skip
"""Where the objects come from; `{e}` is a made-up name."""

DIRECTIONS: tuple[tuple[str, str], ...] = (
    ("text", "images"), ("text", "speech"), ("text", "video"), ("text", "music"), ("images", "video"),
    ("sketches", "3D models"), ("text", "code"), ("tables", "text"),
)  # fmt: skip
"""What goes in and comes out, to be turned round for a near miss."""

CROSSING_NAMES = ("{a} to {b} for {m} work", "{m} {a}-to-{b} conversion", "From {a} to {b} in {m} projects")
CROSSING_SENTENCES = (
    "Turns {a} into {b} for {m} projects", "Takes {a} and produces {b} for {m} use", "Generates {b} from {m} {a}"
)  # fmt: skip

SECOND: tuple[str, ...] = (
    "Work on {o} runs in batches or one at a time.", "Results for {o} come with a confidence score.",
    "A REST endpoint and a Python client are included.", "Every step on {o} can be configured in a YAML file.",
    "Large collections of {o} are handled in parallel.", "It keeps a history, so earlier results can be opened again.",
    "Defaults work for most {o}; thresholds can be changed.", "Documentation with worked examples on {o} is available.",
    "Errors are reported with the place where they occurred.", "Teams use it in daily operation.",
    "No training is needed before the first use.", "Progress is shown while {o} are worked on.",
)  # fmt: skip
"""Further sentences that distinguish nothing."""

SYLLABLES = (
    "ba be bo da de do fa fi ga go ka ke ko la le lo ma me mi na ne no pa po ra re ri ro sa se so ta te to va ve vo"
).split()
ENDINGS = "n r l x th ck sk m st nd".split()
"""What made-up names are made of."""
