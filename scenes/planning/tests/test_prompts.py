from __future__ import annotations

from .pages import action, plan, scene, speech


def test_an_image_prompt_says_size_people_sides_place_light_and_lens():
    made = plan(
        action("Mara and Tom stand at the window of the kitchen."),
        speech("MARA", "(angrily)", "You told me that you would never sell the boat."),
    )
    prompt = made.shots[1].prompt
    for part in ("Mara, frame left, facing right, anger", "Interior, Kitchen", "night, lit by lamps", "mm lens"):
        assert part.lower() in prompt.lower()


def test_spoken_words_and_titles_are_never_in_a_prompt():
    made = plan(action('SUPER: "Paris in winter"'), speech("MARA", "Elephants are patient animals."))
    for shot in made.shots:
        for word in ("Elephants", "patient", "winter"):
            assert word not in shot.prompt
            assert word not in shot.motion_prompt


def test_who_is_seen_and_does_not_speak_keeps_the_lips_closed():
    long = " ".join(f"The water rose another {n} feet and nobody in the valley slept." for n in range(6))
    made = plan(action("Mara and Tom stand at the window."), speech("TOM", long))
    reaction = next(shot for shot in made.shots if shot.purpose == "reaction")
    assert "Mara listens, lips closed" in reaction.motion_prompt
    assert "Tom speaks" not in reaction.motion_prompt


def test_the_light_outside_is_not_the_light_inside():
    page = scene(action("Mara waits."), heading="EXT. PIER - NIGHT", int_ext="EXT", location="PIER")
    assert "street light" in plan(page=page).shots[0].prompt
    assert "street light" not in plan(action("Mara waits.")).shots[0].prompt


def test_what_the_script_says_of_the_place_goes_with_later_wide_frames():
    made = plan(
        action("A narrow room with yellow tiles."), action("Mara slams the door and waits."),
        action("Tom leaves the room without a word or a look."),
    )  # fmt: skip
    assert made.setting == "A narrow room with yellow tiles."
    assert "yellow tiles" in made.shots[-1].prompt


def test_business_is_the_action_or_who_speaks_to_whom():
    made = plan(
        action("Mara and Tom stand at the window and wait for the boat."),
        speech("MARA", "You told me that you would never sell it."),
        speech("TOM", "And I told you that the bank would not wait."),
    )
    assert made.shots[0].business == "Mara and Tom stand at the window and wait for the boat."
    assert made.shots[1].business == "Mara speaks to Tom."


def test_reasons_are_whole_sentences_that_name_the_cut_and_the_frame():
    made = plan(
        action("Mara and Tom stand at the window and wait for the boat."),
        speech("MARA", "You told me that you would never sell it."),
        speech("TOM", "And I told you that the bank would not wait."),
    )
    assert made.shots[2].reason.startswith("Cut on the change of speaker to Tom.")
    assert "Mara" in made.shots[2].reason
    assert all(shot.reason.endswith(".") and ".." not in shot.reason for shot in made.shots)
