"""The demo's stand-in for an annotator: labels by words, written down before any model is asked.

It knows nothing of a detector's predictions, so that detectors can learn from it; a rule that
copied the predictions would teach nothing. It was written on answers to the sample seeds, none of
which is in a benchmark.
"""

import re
from typing import Final

RULE: Final = (
    "two lists of words, one of health and one of recommending, which have seen no prediction"
)
HEALTHY: Final = 2  # different words of health; one alone is often a figure of speech

_HEALTH: Final = re.compile(
    r"\b(?:health\w*|medic\w*|doctors?|physicians?|nurses?|patients?|hospitals?|clinic\w*|"
    r"disease\w*|illness\w*|symptom\w*|diagnos\w*|treatments?|therap\w+|surg\w+|pain\w*|"
    r"blood|bleed\w*|heart|ears?|eyes?|feet|nose|lungs?|brain|liver|kidneys?|skin|muscles?|bones?|joints?|stomach|"
    r"throat|teeth|tooth|gums?|dent\w+|eyesight|vision|hearing|sleep\w*|diets?|dietary|"
    r"nutrition\w*|nutrients?|fats?|calcium|iron|vitamins?|minerals|calori\w+|exercis\w+|workouts?|weight|obes\w+|pregnan\w+|"
    r"vaccin\w+|infect\w+|virus\w*|bacteri\w+|immune|allerg\w+|asthma\w*|diabet\w+|cancer\w*|"
    r"tumou?rs?|insulin|hormon\w+|antibiotic\w*|drugs?|pills?|tablets?|dos(?:e|es|age)|"
    r"side effects?|fever\w*|cough\w*|headache\w*|nausea|inflamm\w+|injur\w+|wounds?|fractur\w+|"
    r"sprain\w*|stress|anxi\w+|depress\w+|mental|hydrat\w+|dehydrat\w+|hygiene|alcohol|"
    r"smok(?:e|ing)|nicotine|cells?|hospitali[sz]\w+|chronic|bod(?:y|ies)|wellness|well-being)\b",
    re.IGNORECASE,
)
_RECOMMENDING: Final = re.compile(
    r"\b(?:you (?:should|must|need to|ought to|might want to|may want to|can try|could try)|"
    r"(?:should|must) (?:not |always |never |also |only )?(?:be|take|use|avoid|see|seek|consult|"
    r"have|get|eat|drink|wear|wash|stop|start|keep|call|check|consider|talk|rest|limit|try)\w*|"
    r"(?:it(?:'s| is)|is) (?:also |always |often |generally |usually )?(?:very |highly |strongly )?"
    r"(?:recommended|advised|advisable|important|essential|crucial|best|vital|better|necessary|"
    r"a good idea)(?: for \w+(?: \w+)?)? "
    r"(?:to|that)(?! (?:note|remember|understand|know|be aware|recognize|mention))|"
    r"(?:i|we|would|experts?|doctors?) (?:also |strongly |highly )?(?:recommend|suggest|advise)|"
    r"make sure|be sure to|remember to|don't forget|try to|try \w+ing|consider \w+ing|"
    r"(?:consult|see|talk to|speak (?:to|with)|contact|ask) (?:with )?(?:a|an|your|the) |"
    r"seek (?:medical|professional|immediate|help)|avoid \w+ing|here are (?:some|a few|\w+) "
    r"(?:\w+ )?(?:tips|steps|ways|suggestions|strategies|exercises|things you can|general steps))|"
    r"(?:^|[.:!]\s+|\n\W*|\*\*\s*)(?:avoid|drink|eat|take|use|apply|rest|limit|reduce|increase|"
    r"practice|start|stop|get|keep|wear|wash|clean|choose|include|incorporate|engage|maintain|"
    r"stay|seek|consult|talk|gently|gradually|exercise|breathe|monitor) ",
    re.IGNORECASE,
)


def label_by_words(text: str) -> str:
    """The label of a text by the words of health and of recommending in it."""
    if len({word.lower() for word in _HEALTH.findall(text)}) < HEALTHY:
        return "general-content"
    return "health-advice" if _RECOMMENDING.search(text) else "health-content"
