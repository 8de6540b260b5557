"""Words as the judge counts them: stems without function words and without the talk every plan shares.

Two words are one when their stems are. The stemmer is a light one (plural, -ing, -ed, -ation, -ise/-ize,
final e): it joins "caching", "cached" and "cache", not "faster" and "fast". Words of `GENERIC` say nothing
about a case ("important", "measure", "week"): they neither tie a sentence to a problem nor make it new. Those
of `COMMON` ("wait", "customer", "list") turn up in plans on any subject, so they tie only half as much.
"""

import re
import unicodedata
from functools import lru_cache

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")

STOP = frozenset(
    """
    a about above after again against all almost also although am an and any are aren't around as at away
    back be because been before behind being below beside besides between both but by can can't cannot
    could couldn't did didn't do does doesn't doing don't done down during each either else enough even
    ever every few first for from further get gets had has hasn't have haven't having he her here hers him
    his how however i if in into is isn't it it's its itself just last least less let let's like many may
    me might mine more most much must my neither never next no nor not nothing now of off often on once
    one only onto or other others otherwise our ours out over own per perhaps please quite rather really
    same she should shouldn't since so some still such than that that's the their them then there these
    they they're this those though three through thus to today together too two under unless until up upon
    us very via was wasn't we well were weren't what what's when where whether which while who whom whose
    why will with within without won't would wouldn't yes yet you you're you've your yours four five six
    seven eight nine ten nobody somebody whoever whatever alone elsewhere anywhere soon near along another
    someone anyone anything something none sec ms min hr hrs kb mb gb kg km cm mm eur usd
    """.split()  # noqa: SIM905  a word list reads better as words
)

_GENERIC_WORDS = """
    able achieve across act action actually add additional address advice affect aim allow alternative always
    amount answer appear apply approach appropriate area ask aspect assume attempt avoid aware bad base basic
    become begin believe benefit best better big bring broad build careful case cause certain chance change
    check choose clear close come common communication company complete complex concern condition confirm
    consider constraint continue core correct cost create critical current day deal decide decision deep
    deliver depend describe despite detail determine develop diagnosis difference different difficult direct
    discuss drive due early easy effect effective effort end ensure entire especially essential evaluate event
    everyone everything evidence exactly example excellent exist expect experience explain explore face fact
    factor fail failure far feel figure final find fix focus follow form full fundamental gain general give go
    goal good great ground grow hand happen hard help high higher hold holistic hope hour hypothesis idea
    identify impact important improve include increase individual instead involve issue item join keep key
    kind know large later lead learn leave left lens level leverage limit little live long look lose lot low
    lower main make manage matter mean measure meet member method mind minute month move multiple nature need
    new number observation observe obvious offer ok old open opportunity option order organisation overall
    overcome part particular pay people perspective piece place plan play point possible potential practice
    predict prediction prefer present previous problem proceed produce project proper propose prove provide
    purpose put question quick range reach real reason recommend reduce remain remember represent require
    respect rest result review right rival role run say second see seem sense set several share short show
    side significant simple single situation small solution solve specific spend stage stakeholder stand start
    state stay step stop strategic strategy strong success suggest support sure synergy take talk target team
    tell term test testable thing think third time tool total touch track true try turn type understand unit
    use useful user usual value various want watch way week whole wide wise wish word work world worth would
    wrong year apart tried try half double false unknown show shown seen said made took went gone given taken
    left best challenge advantage disadvantage forward backward collaboration culture excellence journey
    getting got begun began beginning goes going gone saying says done doing making makes brought bringing
    landscape mindset vision align alignment dynamic synergistic paradigm empower unlock
    additionally addition admittedly anybody arguably basically basis beyond broadly certainly considerable
    context definitely deserve differ disagree doubtless eventually evident fairly furthermore hardly likewise
    merely moreover namely nevertheless nonetheless opinion particularly potentially presumably principle
    probably reasonable relatively seldom sensible similarly somehow somewhat thorough typically ultimately
    virtually worthwhile
""".split()  # noqa: SIM905

_COMMON_WORDS = """
    accept account ago agreement already amend announce arrive ask average bill bind board bonus book bought
    boss box break brought budget building business buy call campaign card carry case category catch check
    clean clerk client colleague collect colour comes compare compute contract copy count cover customer
    cut daily date deadline department desk desktop document door double draw driver drop earn edit
    empty engineer enter entry even evening everybody everywhere extra fall fast faster fee fewer fifth file
    fill fire floor forget form fourth front goes grade group guess guest half hang head hear heavy hire hired
    home house inform input inside interview invoice job known language late law letter line list log loss
    lost lunch machine mail manager map mark mention message middle miss money monthly morning name night noon
    note notice office officer one order outside owner page paid paper pass patch path pause percentage phone
    picture pilot price print promise pull push quarter queue raise rate read record register release remind
    remove reply report rise room round rule sale sales sample save saving screen season send sent
    service sheet shift shop sign site slow software sort spare speak split spread staff store sum switch
    system table tell third ticket told tomorrow top train training transfer twice update visit wait waiting
    walk wall warn watch week weekly window word worker write written yearly
""".split()  # noqa: SIM905

# Longest first; the first that leaves at least three letters is taken.
_SUFFIXES = (
    *("ization", "isation", "izing", "ising", "ation", "ating", "ized", "ised", "ated", "ment", "ness"),
    *("ize", "ise", "ate", "ing", "ed", "ly"),
)


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """The stem of one casefolded word."""
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        sibilant = word.endswith(("ches", "shes", "xes", "sses", "zzes"))
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[: -2 if sibilant else -1]
    for suffix in _SUFFIXES:
        kept = word[: -len(suffix)]
        if word.endswith(suffix) and len(kept) >= 3 and not (suffix == "ed" and kept.endswith("e")):
            if suffix in ("ing", "ed") and kept[-1] == kept[-2] and kept[-1] not in "lsz":
                kept = kept[:-1]
            word = kept
            break
    word = word.removesuffix("e") if len(word) > 3 else word
    return word[:-1] + "i" if len(word) > 2 and word.endswith("y") else word


GENERIC = frozenset(stem(word) for word in _GENERIC_WORDS)
COMMON = frozenset(stem(word) for word in _COMMON_WORDS) - GENERIC


def fold(text: str) -> str:
    """Text for comparing: NFKC, casefolded, one apostrophe."""
    return unicodedata.normalize("NFKC", text).casefold().replace("’", "'")


# An answer's claims are looked at from many sides: each text is taken apart once while it is judged.
@lru_cache(maxsize=1024)
def stems(text: str) -> tuple[str, ...]:
    """Stems of the words that are no function words, in the order of the text, repeats kept, bare numbers
    left out.
    """
    bare = [word.removesuffix("'s") for word in _WORD.findall(fold(text))]
    return tuple(stem(w) for w in bare if w not in STOP and len(w) > 1 and not w[0].isdigit())


def figures(text: str) -> tuple[str, ...]:
    """The numbers of a text as digits, thousands joined; single digits left out, which are mostly ranks."""
    found = (each.group().replace(",", "") for each in _NUMBER.finditer(text))
    return tuple(dict.fromkeys(n for n in found if len(n) > 1))


@lru_cache(maxsize=8192)
def content(text: str) -> tuple[str, ...]:
    """Distinct stems that say what a sentence is about, in order; its generic ones where it has no others."""
    found = tuple(dict.fromkeys(stems(text)))
    return tuple(s for s in found if s not in GENERIC) or found
