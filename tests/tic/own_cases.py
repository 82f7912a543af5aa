"""Cases made here, of the shapes that the cases of other readers' tests have: each rule at least once."""

from typing import Any

from tests.made.captures import captures

Given = str | list[str]
Expected = dict[str, Any]

MADE = {name: content.decode("latin-1") for name, content in captures().items()}

GOOD = (
    "\x02\nADCO 012361456789 K\r\nOPTARIF HC.. <\r\nISOUSC 30 9\r\nHCHC 052890470 )\r\nHCHP 049126843 8\r"
    "\nPTEC HP..  \r\nIINST 008 _\r\nIMAX 042 E\r\nPAPP 01890 3\r\nHHPHC D /\r\nMOTDETAT 000000 B\r\x03"
)
FIELDS = {
    "ADCO": "012361456789",
    "OPTARIF": "HC",
    "ISOUSC": "30",
    "HCHC": "052890470",
    "PAPP": 1890,
    "MOTDETAT": "000000",
}
NO_FRAME: Expected = {"fields": None, "note": "none came through unharmed"}


def dated(text: str | None, season: str | None = None, *, degraded: bool = False) -> Expected:
    """What a horodate says; None when it is none."""
    if text is None:
        return {"horodate": {"valid": False}}
    return {"horodate": {"valid": True, "datetime": text, "season": season, "degraded": degraded}}


def status(**bits: int) -> Expected:
    """The register of the meter's state, in which all other bits are zero."""
    names = (
        "contact_sec organe_de_coupure cache_borne surtension depassement producteur sens_energie_active "
        "tarif_fourniture_index tarif_distributeur_index horloge_degradee mode_tic_standard euridis cpl synchro_cpl "
        "couleur_jour couleur_demain preavis_pm pointe_mobile"
    )
    return {"STGE": dict.fromkeys(names.split(), 0) | bits}


_FRAMES: list[tuple[Given, Expected]] = [
    ("\x02\nADSC\t012361456789\tA\r\x03", {"mode": "standard"}),
    ("\nADSC\t012361456789\tA\r", {"mode": "standard"}),
    ("\nADCO 012361456789 K\r", {"mode": "historic"}),
    (MADE["historic-base-3phase-6frames.tic"], {"frames": 6, "frame_body_bytes": 231}),
    (MADE["standard-base-12frames.tic"], {"frames": 12, "frame_body_bytes": 863}),
    (
        MADE["historic-base-3phase-6frames.tic"],
        {
            "groups_in_complete_frames": 96,
            "group_sizes": [19, 14, 11, 16, 11, 12, 12, 12, 11, 11, 11, 12, 12, 9, 17, 9],
            "first": "ADCO 012376456789",
            "last_of_frame": "PPOT 00 #",
            "trailing_groups_of_unfinished_frame": 6,
        },
    ),
    (MADE["historic-tempo-no-stx-etx.tic"], {"parsed": True, "groups": 16, "mode": "historic"}),
    (MADE["historic-tempo-truncated.tic"], {"message": "incomplete", "then": "needs more data"}),
    (MADE["historic-tempo-tail-frame-head.tic"][:25], {"warning": "incomplete frame"}),
    (GOOD, {"accepted": True, "fields": FIELDS}),
    (GOOD[: GOOD.index("049126843")], {"accepted": False}),
    (GOOD.replace("HP..  \r\nIINST 008 _\r\nIMAX 042 E\r", "HP.. \n E\r"), {"accepted": False}),
    (GOOD[: GOOD.index("049126843")] + "A" * 600, {"accepted": False}),
    (" B\r\x03" + GOOD, {"fields": FIELDS}),
    ("5 F\r\nPAPP 00490 .\r\nMOTDETAT 000000 B\r\x03" + GOOD, {"fields": FIELDS}),
    ("\x02F\r\nPAPP 00280 +\r\nMOTDETAT 000000 B\r\x03" + GOOD, {"fields": FIELDS}),
    ([GOOD[:40], GOOD[40:41], GOOD[41:]], {"fields": FIELDS}),
    (GOOD[:-1] + "D4R } $\x03", NO_FRAME),
    (GOOD.replace("OPTARIF HC.. <", "OPTARIF HC.. Z"), NO_FRAME),
]
_NO_GROUPS: list[tuple[Given, Expected]] = [
    *((text, {"error": "too short"}) for text in ("", "\n", "\x01", "\x02\nADSC", "\x02\x03")),
    *((text, {"error": "no group"}) for text in ("qwertyuiop", "\nabcdef\r", "\nADCO012361456789 K\r")),
    ("\nADSC\t012361456789\t!\r", {"error": "checksum"}),
    ("LABEL DATA !", {"error": "checksum"}),
    ("aA", {"error": "no group", "checksum_valid": True}),
    ("L V ", {"valid": False, "type": "malformed"}),
]
_CHECKSUMS: list[tuple[Given, Expected]] = [
    *(
        (piece, {"checksum_valid": True})
        for piece in (
            "ADSC\t012361456789\tA",
            "LABEL\tDATA\t,",
            "MOTDETAT 000000 B",
            "PTEC TH.. $",
            "PTEC HP..  ",
            "ADCO 012361456789 K",
            "HHPHC A ,",
        )
    ),
    *(
        (piece, {"checksum_valid": False})
        for piece in ("ADSC\t012361456789\tB", "MOTDETAT 000000 Z", "ADCO 999999999999 K", "EAST\t 21849107\t@")
    ),
    ("\nADSC\t012361456789\tA\r", {"checksum_covers": [1, 19]}),
    ("IMAX 090", {"checksum": "H"}),
    ("SMAXSN\tH250221001022\t02560\t", {"checksum": "+"}),
]
_GROUPS: list[tuple[Given, Expected]] = [
    ("ADSC\t012361456789\tA", {"valid": True, "label": "ADSC", "data": "012361456789", "type": "standard"}),
    ("ADCO 012361456789 K\r", {"valid": True, "label": "ADCO", "data": "012361456789"}),
    ("LABEL DATA :", {"label": "LABEL", "data": "DATA"}),
    ("URMS1\t230\t?", {"valid": True, "int": 230}),
    (
        "UMOY1\tH251112010203\t229\t-",
        {"valid": True, "label": "UMOY1", "data": "229", "horodate": {"datetime": "2025-11-12T01:02:03"}},
    ),
    ("SMAXSN\tE260707111839\t01610\t?", {"label": "SMAXSN", "data": "01610", "datetime": "2026-07-07T11:18:39"}),
]
_VALUES: list[tuple[Given, Expected]] = [
    ("H251225223518", dated("2025-12-25T22:35:18", "winter")),
    ("E260714074553", dated("2026-07-14T07:45:53", "summer")),
    (" 260714074553", dated("2026-07-14T07:45:53")),
    ("h251225223518", dated("2025-12-25T22:35:18", "winter", degraded=True)),
    ("e260714074553", dated("2026-07-14T07:45:53", "summer", degraded=True)),
    ("HA51225223518", dated(None)),
    ("H2512252235", dated(None)),
    ("H251225226018 / H251225223560 / H251225243518", dated(None)),
    ("H250025223518 / H251325223518", dated(None)),
    ("H251200223518 / H251232223518 / H250230223518", dated(None)),
    ("099", {"uint32": 99}),
    ("000000001", {"uint32": 1}),
    ("9999999999", {"uint32": None}),
    ("-02", {"uint32": None}),
    (
        "013AC501",
        status(
            contact_sec=1,
            producteur=1,
            tarif_fourniture_index=1,
            tarif_distributeur_index=3,
            mode_tic_standard=1,
            euridis=3,
            cpl=1,
            couleur_jour=1,
        ),
    ),
    (
        "9C8104D2",
        status(
            organe_de_coupure=1,
            cache_borne=1,
            surtension=1,
            depassement=1,
            tarif_fourniture_index=1,
            horloge_degradee=1,
            synchro_cpl=1,
            couleur_demain=3,
            preavis_pm=1,
            pointe_mobile=2,
        ),
    ),
    ("140", {"relays": [False, False, True, True, False, False, False, True]}),
    ("001", {"relays": [True, *[False] * 7]}),
]
_RECOVERIES: list[tuple[str, Given, list[str], list[tuple[str, str | None]]]] = [
    ("historic", "HCHP 019571184 7\r\x04\x02\n", ["HCHP"], []),
    ("historic", "\xbfPTARIF HC.. <", [], [("checksum", None)]),
    ("historic", "?PTARIF HC.. <", [], [("checksum", None)]),
    ("standard", "ADSC\t012361456789\t!", [], [("checksum", "ADSC")]),
    ("standard", "EASD01\t06476 712\t5", [], [("checksum", "EASD01")]),
    ("standard", "EASF03\t001548023\t;\r\x0eEASF04\t002860327\tA", ["EASF03", "EASF04"], []),
    ("historic", "HHPHC A ,\rMOTDETAT 000000 B", ["HHPHC", "MOTDETAT"], []),
    ("standard", "\nEASD02\t00134230\t.\r", [], [("checksum", "EASD02")]),
    ("historic", "TENSION 233 8\nHHPHC H 3", ["TENSION", "HHPHC"], []),
    ("standard", "LTARF\tINDEX INACTIF 2 \t3", ["LTARF"], []),
    ("standard", "02187653q", [], [("structure", None)]),
]

OWN: list[dict[str, Any]] = [
    {"id": "", "input": given, "expected": expected}
    for given, expected in (*_FRAMES, *_NO_GROUPS, *_CHECKSUMS, *_GROUPS, *_VALUES)
] + [
    {"id": "", "mode": mode, "input": given, "expected": {"groups": groups, "bad": bad}}
    for mode, given, groups, bad in _RECOVERIES
]
