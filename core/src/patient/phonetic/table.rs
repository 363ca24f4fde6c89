//! The table of Daitch and Mokotoff: what spellings are coded as at the start of a name, before a vowel, and elsewhere.

/// The codes of a spelling; alternatives have a stroke between.
pub(super) struct Rule {
    pub(super) start: &'static str,
    pub(super) before_vowel: &'static str,
    pub(super) elsewhere: &'static str,
}

/// The rule of the longest spelling with which the letters begin, and how many letters it takes.
pub(super) fn rule(letters: &[u8]) -> (usize, &'static Rule) {
    let first = letters.first().and_then(|first| first.checked_sub(b'a'));
    let spellings = first
        .and_then(|first| SPELLINGS.get(usize::from(first)))
        .copied()
        .unwrap_or_default();
    spellings
        .iter()
        .find(|(spelling, _)| letters.starts_with(spelling.as_bytes()))
        .map_or((1, &SILENT), |(spelling, rule)| (spelling.len(), rule))
}

const fn r(start: &'static str, before_vowel: &'static str, elsewhere: &'static str) -> Rule {
    Rule {
        start,
        before_vowel,
        elsewhere,
    }
}

static SILENT: Rule = r("", "", "");
static VOWEL: Rule = r("0", "", "");
static GLIDE: Rule = r("0", "1", "");
static AU: Rule = r("0", "7", "");
static Y: Rule = r("1", "", "");
static EU: Rule = r("1", "1", "");
static J: Rule = r("1|4", "|4", "|4");
static STCH: Rule = r("2", "4", "4");
static ST: Rule = r("2", "43", "43");
static T: Rule = r("3", "3", "3");
static S: Rule = r("4", "4", "4");
static CH: Rule = r("4|5", "4|5", "4|5");
static RZ: Rule = r("4|94", "4|94", "4|94");
static H: Rule = r("5", "5", "");
static K: Rule = r("5", "5", "5");
static X: Rule = r("5", "54", "54");
static CK: Rule = r("5|45", "5|45", "5|45");
static N: Rule = r("6", "6", "6");
static MN: Rule = r("66", "66", "66");
static P: Rule = r("7", "7", "7");
static L: Rule = r("8", "8", "8");
static R: Rule = r("9", "9", "9");

/// For each letter the spellings that begin with it, the longest first, with their codes.
#[rustfmt::skip]
static SPELLINGS: [&[(&str, &Rule)]; 26] = [
    &[("ai", &GLIDE), ("aj", &GLIDE), ("au", &AU), ("ay", &GLIDE), ("a", &VOWEL)],
    &[("b", &P)],
    &[("chs", &X), ("csz", &S), ("czs", &S), ("ch", &CH), ("ck", &CK), ("cs", &S), ("cz", &S), ("c", &CH)],
    &[("drs", &S), ("drz", &S), ("dsh", &S), ("dsz", &S), ("dzh", &S), ("dzs", &S), ("ds", &S),
      ("dt", &T), ("dz", &S), ("d", &T)],
    &[("ei", &GLIDE), ("ej", &GLIDE), ("eu", &EU), ("ey", &GLIDE), ("e", &VOWEL)],
    &[("fb", &P), ("f", &P)],
    &[("g", &K)],
    &[("h", &H)],
    &[("ia", &Y), ("ie", &Y), ("io", &Y), ("iu", &Y), ("i", &VOWEL)],
    &[("j", &J)],
    &[("kh", &K), ("ks", &X), ("k", &K)],
    &[("l", &L)],
    &[("mn", &MN), ("m", &N)],
    &[("nm", &MN), ("n", &N)],
    &[("oi", &GLIDE), ("oj", &GLIDE), ("oy", &GLIDE), ("o", &VOWEL)],
    &[("pf", &P), ("ph", &P), ("p", &P)],
    &[("q", &K)],
    &[("rs", &RZ), ("rz", &RZ), ("r", &R)],
    &[("schtsch", &STCH), ("schtch", &STCH), ("schtsh", &STCH), ("shtch", &STCH), ("shtsh", &STCH),
      ("stsch", &STCH), ("schd", &ST), ("scht", &ST), ("shch", &STCH), ("stch", &STCH), ("strs", &STCH),
      ("strz", &STCH), ("stsh", &STCH), ("szcs", &STCH), ("szcz", &STCH), ("sch", &S), ("shd", &ST),
      ("sht", &ST), ("szd", &ST), ("szt", &ST), ("sc", &STCH), ("sd", &ST), ("sh", &S), ("st", &ST),
      ("sz", &S), ("s", &S)],
    &[("ttsch", &S), ("tsch", &S), ("ttch", &S), ("ttsz", &S), ("tch", &S), ("trs", &S), ("trz", &S),
      ("tsh", &S), ("tsz", &S), ("tts", &S), ("ttz", &S), ("tzs", &S), ("tc", &S), ("th", &T),
      ("ts", &S), ("tz", &S), ("t", &T)],
    &[("ue", &GLIDE), ("ui", &GLIDE), ("uj", &GLIDE), ("uy", &GLIDE), ("u", &VOWEL)],
    &[("v", &P)],
    &[("w", &P)],
    &[("x", &X)],
    &[("y", &Y)],
    &[("zhdzh", &STCH), ("zdzh", &STCH), ("zsch", &S), ("zdz", &STCH), ("zhd", &ST), ("zsh", &S),
      ("zd", &ST), ("zh", &S), ("zs", &S), ("z", &S)],
];
