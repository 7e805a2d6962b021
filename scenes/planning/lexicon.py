"""The words the rules planner knows: what people do, handle, feel and drive.

English, lower case. A script in another language is still cut and timed; it gets plainer coverage.
"""

from __future__ import annotations

import re


def word_set(text: str) -> frozenset[str]:
    """The words of `text`."""
    return frozenset(text.split())


def verbs(text: str) -> frozenset[str]:
    """Verbs of `text` with their third person and -ing forms, as screenplays use them."""
    forms: set[str] = set()
    for verb in text.split():
        forms.add(verb)
        if verb.endswith(("s", "sh", "ch", "x", "z")):
            forms.add(verb + "es")
        elif verb.endswith("y") and verb[-2] not in "aeiou":
            forms.add(verb[:-1] + "ies")
        else:
            forms.add(verb + "s")
        stem = verb[:-1] if verb.endswith("e") and not verb.endswith(("ee", "ye")) else verb
        forms.add(stem + "ing")
        if re.search(r"[^aeiou][aeiou][bdgmnprt]$", verb):
            forms.add(verb + verb[-1] + "ing")
    return frozenset(forms)


ENTER = verbs("enter arrive return appear emerge")
EXIT = verbs("exit leave depart go vanish flee storm")
MOVE = verbs(
    "walk run cross stride pace march hurry rush follow race sprint jog climb crawl ride drive chase creep wander "
    "stumble stagger dash charge approach circle head descend ascend roam trudge slip sneak limp drag haul"
)
FRENZY = verbs(
    "fight punch kick chase shoot fire explode crash smash scream attack tackle wrestle struggle slam grapple dive "
    "duck swerve burst bolt lunge hurl"
)
LOOK = verbs("look see stare watch peer spot notice gaze glance find discover study read")
REACT = verbs(
    "smile nod freeze sigh blush wince frown gasp blink swallow cry sob weep laugh hesitate flinch pale grin glare "
    "tremble shiver stiffen scowl smirk relax realise realize listen"
)
HANDLE = verbs(
    "pick take grab hold open unfold lift pull drop hand place set turn press light dial hang slide load cock aim "
    "pocket unlock lock examine flip tear fold put lay raise tap clutch grip pour toss throw give pass offer draw"
)
DISTURB = verbs(
    "ring buzz vibrate beep click tick flicker glow spark hum rattle explode shatter burst fall crash fly swing roll "
    "spin break boil burn melt drip blow slam creak wail rise stop start drift"
)
_ALSO_NOUNS = word_set(
    "light place set hand fire head draw rise fly burn burning glow glowing hum humming hang hanging go cross race "
    "drive march slip bolt duck ring start stop spark cock pocket lock load break spin drop hold cover"
)
MOVE, FRENZY, HANDLE, DISTURB = (known - _ALSO_NOUNS for known in (MOVE, FRENZY, HANDLE, DISTURB))

VIOLENT = word_set("explodes explosion crashes gunshot gunshots gunfire shoots fires punches collapses shatters")
"""Rough whoever or whatever does it."""

UPWARD = verbs("tower loom rise soar climb") | word_set("above overhead upward skyward ceiling sky")
LOW_STATUS = verbs("collapse sink kneel cower crouch sob beg shrink weep huddle curl") | word_set(
    "alone tiny helpless small"
)
HIGH_STATUS = verbs("loom tower threaten command dominate sneer advance") | word_set("towering menacing")
DIZZY = word_set("dizzy drugged nightmare dream drunk hallucination reeling spinning delirious woozy")
_BUSY = verbs("begin kiss touch eat drink cook write wait wake sleep talk whisper shout knock work play dance sing")
ACTIVE = (ENTER | EXIT | MOVE | FRENZY | LOOK | REACT | HANDLE | DISTURB | _BUSY) - _ALSO_NOUNS
"""Words that make a sentence an event; a sentence without one may be a description."""

PROPS = word_set(
    "letter envelope phone telephone gun pistol revolver rifle knife dagger sword key keys ring photograph photo "
    "picture book notebook diary map watch clock lighter cigarette cigar bottle glass cup mug coffee tea wallet "
    "purse bag suitcase briefcase box package parcel camera laptop computer tablet screen television radio newspaper "
    "note card ticket passport money cash coin coins badge candle lamp torch flashlight rope chain hammer axe shovel "
    "needle syringe pill pills medicine mirror necklace locket bracelet earring hat glove gloves coat umbrella "
    "flower flowers rose bouquet doll toy teddy ball guitar piano violin drum microphone file folder document "
    "contract paper papers pen pencil plate fork spoon pan pot bowl basket bucket bomb detonator grenade radio "
    "walkie-talkie monitor button switch lever remote door-handle doorknob steering-wheel bicycle bike helmet crown "
    "cross bible rosary urn coffin painting statue vase lantern compass telescope binoculars recorder tape cassette "
    "disc usb drive chip vial test-tube flask egg apple bread cake sandwich leash collar cage"
)
READABLE = word_set(
    "letter envelope note card photograph photo picture newspaper map document file diary notebook passport ticket "
    "contract screen sign painting headline page postcard telegram poster"
)
WORN = word_set("hat coat gloves glove watch ring necklace bracelet earring")

PEOPLE = word_set(
    "man woman boy girl men women boys girls crowd people child children kid kids cop cops officer officers guard "
    "guards soldier soldiers nurse doctor waiter waitress stranger strangers figure figures couple family mob team "
    "driver pedestrians passengers passers-by customers guests students police agents someone somebody"
)
NAMES_THAT_ARE_WORDS = word_set(
    "will mark rose grace hope may faith joy rob bill jack pat sue drew chip hunter mason art dawn summer autumn iris "
    "lily violet ivy ruby pearl ray sky skye miles chase dale glen heath cliff lance nick pip rich rocky sonny star "
    "storm victor violet ward wade woody angel april june august bob carol christian daisy don duke earl ernest "
    "frank gene guy harmony hazel heather holly jade jay joker king major melody mercy max neil norm olive olly peg "
    "penny pepper pierce poppy prince queen rusty sandy scout trinity wolf"
)

ROOMS_TOO_SMALL = word_set(
    "car taxi cab truck van cockpit elevator lift closet cupboard stall booth phonebox trunk limo limousine ambulance "
    "wheelhouse tent confessional capsule submarine helicopter cab"
)
LONG_WAYS = word_set("corridor hallway hall street alley road path tunnel beach bridge aisle platform woods forest")

EMOTIONS: tuple[tuple[str, frozenset[str]], ...] = (
    ("grief", verbs("sob weep cry mourn") | word_set("tearful teary grief heartbroken crying")),
    ("anger", verbs("shout yell scream rage glare snarl snap roar fume hiss bark")
     | word_set("angry angrily furious furiously fury livid seething")),
    ("fear", verbs("tremble shiver cower gasp panic flinch")
     | word_set("afraid scared terrified frightened fear nervous nervously panicked terror")),
    ("joy", verbs("laugh smile grin giggle beam cheer") | word_set("happy happily delighted joyful excited laughing")),
    ("surprise", verbs("startle") | word_set("startled shocked stunned surprised astonished amazed")),
    ("tenderness", verbs("kiss hug embrace caress") | word_set("gently tender tenderly softly lovingly")),
    ("sadness", verbs("sigh") | word_set("sad sadly lonely weary tired defeated broken")),
    ("secrecy", verbs("whisper mutter murmur") | word_set("whispered sotto hushed conspiratorially")),
    ("doubt", verbs("hesitate frown") | word_set("unsure uncertain confused puzzled doubtful hesitant sceptical")),
    ("resolve", word_set("determined firmly resolute cold coldly calm calmly steady")),
)  # fmt: skip
TENSE_TONES = word_set("tense tension suspense fear dread anger angry conflict danger dangerous thriller horror panic "
                       "confrontation violent urgent desperate threatening heated explosive")  # fmt: skip
CALM_TONES = word_set("calm tender peaceful romantic gentle quiet nostalgic warm light comic playful serene melancholy")
STRONG = word_set(
    "kill dead death die dying murder blood gun knife shoot hate liar lied betray betrayed never please stop help "
    "god damn hell run bomb pregnant love sorry truth police divorce cancer goodbye"
)

BODY = word_set(
    "face eyes eye hands hand fingers head hair mouth lips feet foot boots shoes shoulder shoulders back arm arms legs "
    "knees cheek fist toes heels palm wrist throat expression gaze smile silhouette reflection shadow body chest neck"
)

SHE = word_set("she her hers herself")
HE = word_set("he him his himself")
THEY = word_set("they them their theirs themselves both")
