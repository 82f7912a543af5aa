"""Suppliers whose grids need no special reading: their name, and an address where one is known."""

import re
from typing import Final

from linkytui.tariffs.suppliers.base import GridAddress, Supplier

_MINT: Final = "https://doc.mint-energie.com/MintEnergie/MINT_ENERGIE_Fiche_Tarifs_"

OTHERS: Final = (
    Supplier(
        name="Mint",
        mark=re.compile(r"\bMint\b|\bMINT\b"),
        addresses=(
            GridAddress("Online & Green", _MINT + "21912_ONLINE_GREEN.pdf"),
            GridAddress("Classic & Green", _MINT + "23012_CLASSIC_GREEN.pdf"),
        ),
    ),
    Supplier(name="UEM", mark=re.compile("UEM")),
    Supplier(
        name="Alpiq",
        mark=re.compile(r"\bAlpiq\b|\bALPIQ\b"),
        addresses=(
            GridAddress("Électricité", "https://particuliers.alpiq.fr/grille-tarifaire/particuliers/gtr_elec_part.pdf"),
        ),
    ),
    Supplier(
        name="La Bellenergie",
        mark=re.compile(r"\b[Ll]a ?[Bb]ellenergie\b|\blabellenergie\b"),
        addresses=(
            GridAddress(
                "Particuliers", "https://labellenergie.fr/pdf/grille-tarifaire-la-bellenergie-particuliers.pdf"
            ),
        ),
    ),
    *(
        Supplier(name=name, mark=re.compile(mark))
        for name, mark in (
            ("Yéli", r"\bY[ée]li\b|\bYÉLI\b"),
            ("Octopus", r"\bOctopus\b|\bOCTOPUS\b"),
            ("Plenitude", r"\bPl[eé]nitude\b|\bPLENITUDE\b"),
            ("Vattenfall", r"\bVattenfall\b|\bVATTENFALL\b"),
            ("ilek", r"\bilek\b|\bIlek\b|\bILEK\b"),
            ("Ohm Énergie", r"\b(?:OHM|[Oo]hm) [EÉeé]nergie\b|\bOHM [EÉ]NERGIE\b|\bohm-energie\b"),
            ("Dyneff", r"\bDyneff\b|\bDYNEFF\b"),
            ("Elmy", r"\belmy\b|\bElmy\b|\bELMY\b"),
            ("GEG", r"\bGEG\b|\bgeg\.fr\b|Gaz [EÉ]lectricit[ée] de Grenoble"),
            ("Llum", r"\bLlum\b|\bLLUM\b"),
            ("Wekiwi", r"\b[Ww]ekiwi\b|\bWEKIWI\b|\bwekiWEB\b"),
            ("Enercoop", r"\bEnercoop\b|\bENERCOOP\b"),
            ("Primeo", r"\bPrim[eé]o\b|\bPRIM[EÉ]O\b"),
            ("Alterna", r"\b[Aa]lterna\b|\bALTERNA\b"),
            ("Ekwateur", r"\b[Ee]kwateur\b|\bEKWATEUR\b"),
            ("Urban Solar", r"\bUrban Solar\b|\bURBAN SOLAR\b"),
            ("Sowee", r"\b[Ss]owee\b|\bSOWEE\b"),
            ("ÉS", r"\bÉS [ÉE]nergies?\b|\bÉlectricité de Strasbourg\b|\bes\.fr\b"),
            ("Volterres", r"\b[Vv]olterres\b|\bVOLTERRES\b"),
            ("Lucia", r"\bLucia [EÉ]nergie\b"),
            ("Selfee", r"\b[Ss]elfee\b|\bSELFEE\b"),
            ("Énergie d'Ici", r"\b[EÉ]nergie d['’]ici\b|\b[EÉ]nergie d['’]Ici\b"),
            ("MyLight", r"\b[Mm]y ?[Ll]ight\w*\b|\bMYLIGHT\w*\b"),
            ("Gaz de Bordeaux", r"\bGaz de Bordeaux\b"),
            ("Sélia", r"\bS[eé]lia\b|\bSELIA\b"),
            ("Proxelia", r"\b[Pp]roxelia\b|\bPROXELIA\b"),
            ("Butagaz", r"\bButagaz\b|\bBUTAGAZ\b"),
            ("Planète OUI", r"\bPlan[eè]te OUI\b"),
            ("Barry", r"\bBarry [EÉe]nergy\b"),
        )
    ),
)
