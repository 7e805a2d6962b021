"""The templates the product starts with, in its own words: one or two for each category."""

import hashlib
import json

from django.db import migrations


def variable(name, description, required=True, default="", example=""):
    return {"name": name, "description": description, "required": required, "default": default, "example": example}


SUBJECT = variable("subject", "Who or what the picture is of.", example="Ada, the lighthouse keeper")
LOOK = variable("look", "How they look, in the words of their record.", example="grey braid, oilskin coat, salt-burnt hands")
PLACE = variable("location", "Where it plays.", example="the lamp room of a lighthouse")
TIME = variable("time_of_day", "The time it plays at.", False, "day", "night")
LIGHT = variable("lighting", "The kind of light and its mood.", False, "natural light", "low key, one warm lamp")
CAMERA = variable("camera", "Shot size, angle and lens.", False, "medium shot at eye level", "close-up, low angle, 85 mm")
STYLE = variable("style", "The words of the style that holds.", False, "", "muted teal and amber, fine grain")
BUSINESS = variable("business", "What happens.", example="Ada trims the wick and listens")
MOOD = variable("mood", "What it should feel like.", False, "", "dread under calm")

TEMPLATES = [
    ("character.master", "character", "Master picture of a character",
     "The picture every other one of the character is made from.",
     "Full-length photograph of [subject]. [look]. Standing upright, facing the camera, arms relaxed, calm face. Plain "
     "mid-grey backdrop, even soft light without hard shadows, everything sharp from head to shoes. One person, one "
     "picture. [style]",
     [SUBJECT, LOOK, STYLE]),
    ("character.view", "character", "A character from another side",
     "One of the views around a character, made from the master picture.",
     "The same person as in the reference, seen from [angle]. [look]. Same face, hair, clothes and proportions as the "
     "reference; same plain backdrop and light. [expression]",
     [variable("angle", "The side the camera stands on.", example="three-quarter left"), LOOK,
      variable("expression", "The face.", False, "Neutral expression.", "A guarded half smile.")]),
    ("character.candidate", "character", "Candidate for a training set",
     "A picture of the character among places, faces and light that differ.",
     "Photograph of [subject] in [location], [time_of_day]. [look]. [expression] [camera]. [lighting]. The face is the "
     "one in the references and is clearly visible.",
     [SUBJECT, PLACE, TIME, LOOK, variable("expression", "The face.", False, "Neutral expression.", "Laughing."),
      CAMERA, LIGHT]),
    ("scene.establishing", "scene", "Establishing picture of a scene",
     "Where we are, before anybody speaks.",
     "Wide photograph of [location] at [time_of_day], [weather]. [set_dressing] [lighting]. [atmosphere] No people "
     "unless named: [people]. [style]",
     [PLACE, TIME, variable("weather", "The weather outside.", False, "clear", "storm coming in"),
      variable("set_dressing", "What stands there.", False, "", "brass lamp, logbooks, a cold stove"), LIGHT,
      variable("atmosphere", "What hangs in the air.", False, "", "Haze in the beam of the lamp."),
      variable("people", "Who may be seen.", False, "none", "a figure on the gallery"), STYLE]),
    ("scene.key_frame", "scene", "Key frame of a shot",
     "One frame of one shot, as a photograph.",
     "[camera]. [business]. [people] In [location], [time_of_day]. [lighting]. [composition] [mood] [style]",
     [CAMERA, BUSINESS, variable("people", "Who is seen, where, and how they look.", False, "", "Ada on the left."),
      PLACE, TIME, LIGHT, variable("composition", "How the frame is arranged.", False, "", "Negative space to the right."),
      MOOD, STYLE]),
    ("scene.triptych", "scene", "Photographic triptych of a shot",
     "First, middle and last moment of a shot in one strip, to be cut at one third and two thirds.",
     "A photographic triptych: three photographs side by side on one horizontal strip, separated by thin plain gutters, "
     "taken by the same camera on the same set within a few seconds. Left photograph: [first_frame]. Middle photograph: "
     "[hero]. Right photograph: [last_frame]. [people] In [location], [time_of_day], [lighting]. Same people, clothes, "
     "light and place in all three; only time passes. No lettering, no borders, no numbers. [style]",
     [variable("first_frame", "What is seen when the shot begins.", example="Ada's hand on the lamp's brass door"),
      variable("hero", "The shot's strongest moment.", example="the flame catches and lights her face"),
      variable("last_frame", "What is seen when it ends.", example="she looks past the flame to the sea"),
      variable("people", "Who is seen and how they look.", False, "", "Ada, grey braid, oilskin coat."), PLACE, TIME,
      LIGHT, STYLE]),
    ("location.reference", "location", "Reference of a location",
     "How a place looks when nobody is in it.",
     "Photograph of [location], [int_ext], empty of people, at [time_of_day]. [description]. [set_dressing] [lighting]. "
     "[angle] Colours: [palette]. [style]",
     [PLACE, variable("int_ext", "Interior or exterior.", False, "interior", "exterior"), TIME,
      variable("description", "What the place is like.", example="round, iron stairs, windows on all sides"),
      variable("set_dressing", "What stands there.", False, "", "brass lamp, logbooks"), LIGHT,
      variable("angle", "Where the camera stands.", False, "", "Seen from the door."),
      variable("palette", "The place's colours.", False, "natural", "#1B3A4B, #E0A458"), STYLE]),
    ("location.relight", "location", "A location at another time of day",
     "The same place in other light.",
     "The same place as in the reference, from the same camera position, now at [time_of_day]. [variant] [lighting]. "
     "Nothing is moved, added or taken away; only light, sky and shadows change.",
     [variable("time_of_day", "The time it plays at.", example="dawn"),
      variable("variant", "How the place looks then.", False, "", "The stove is lit and the windows are wet."), LIGHT]),
    ("props.reference", "props", "Reference of a prop",
     "One thing, alone.",
     "Product photograph of [prop], alone on a plain mid-grey surface, [scale]. [description]. Soft even light, "
     "everything sharp, seen slightly from above. No hands, no text that the prop does not carry.",
     [variable("prop", "What it is.", example="a brass lantern"), variable("scale", "How large it is.", False, "", "fits a palm"),
      variable("description", "Material, age, marks.", example="dented on one side, wick burnt short")]),
    ("props.place", "props", "Put a prop into a picture",
     "Add a prop to a frame that stands.",
     "Add [prop] from the reference to the picture: [where]. Same size to the people as in life, lit by the light that "
     "is there, with its shadow. Leave everything else exactly as it is.",
     [variable("prop", "What it is.", example="the brass lantern"),
      variable("where", "Where it stands or who holds it.", example="in Ada's right hand")]),
    ("video.motion", "video", "Motion of a shot",
     "What moves and how the camera moves, from a start image.",
     "[business]. Camera: [movement], [speed]. [people] The shot lasts [seconds] seconds and its pace is [pacing]. "
     "Light and clothes stay as they are in the first frame. [effect]",
     [BUSINESS, variable("movement", "What the camera does.", False, "static", "push in"),
      variable("speed", "How fast.", False, "slow", "medium"),
      variable("people", "Who moves how.", False, "", "Ada turns her head to the window."),
      variable("seconds", "Length in seconds.", example="5"), variable("pacing", "Pace of the scene.", False, "medium", "slow"),
      variable("effect", "What the audience is to feel.", False, "", "The room seems to hold its breath.")]),
    ("video.between_frames", "video", "Motion between two frames",
     "From a first frame to a last one.",
     "Move without a cut from the first picture to the last one: [business]. Camera: [movement]. Speeds up and comes to "
     "rest gently; nobody and nothing appears or vanishes on the way.",
     [BUSINESS, variable("movement", "What the camera does.", False, "static", "orbit to the left")]),
    ("composite.characters", "composite", "Put people into a location",
     "The second layer of a composite.",
     "Put [people] from the references into the picture of [location]. [blocking] [business]. [camera]. They are lit by "
     "the light of the place ([lighting]) and cast its shadows; feet touch the ground; sizes fit the perspective. Faces "
     "and clothes are those of the references. Leave the place as it is.",
     [variable("people", "Who is put in.", example="Ada and Tom"), PLACE,
      variable("blocking", "Where they stand and look.", False, "", "Ada left, looking right; Tom at the door."),
      BUSINESS, CAMERA, LIGHT]),
    ("composite.correction", "composite", "Correct a composite",
     "What a check found, put right.",
     "Correct only this in the picture: [problems]. Everything that is not named stays exactly as it is: people, faces, "
     "clothes, place, light and framing.",
     [variable("problems", "What a check found.", example="Tom stands on the left; he belongs on the right")]),
    ("verification.picture", "verification", "Look at a picture and compare",
     "What a vision model is asked about a finished frame.",
     "Look at this picture of one shot and compare it with what was wanted.\nPlace: [location], [time_of_day]\nPeople: "
     "[people]\nProps: [props]\nLight: [lighting]\nCamera: [camera]\nAnswer in JSON with the keys location, characters, "
     'props, lighting, camera, each {"passed": true or false, "problem": "what is wrong, in one sentence"}. Judge only '
     "what can be seen.",
     [PLACE, TIME, variable("people", "Who has to be seen.", False, "nobody", "Ada on the left"),
      variable("props", "What has to be seen.", False, "none", "the brass lantern"), LIGHT, CAMERA]),
    ("verification.knowledge", "verification", "Ask the story's own records",
     "Whether a shot contradicts what is known of the story.",
     "A shot shows: [business]. People: [people]. Place: [location], [time_of_day]. Does anything known about these "
     "people, this place and this story contradict it? Answer yes or no, how sure you are from 0 to 1, and which record "
     "says so.",
     [BUSINESS, variable("people", "Who is seen.", False, "nobody", "Ada"), PLACE, TIME]),
    ("story.scene_notes", "story", "Dramatic reading of a scene",
     "Purpose, conflict and turn of a scene.",
     "Read this scene of [title] ([genre]) and say in one sentence each: its purpose in the story, what the audience is "
     "to feel, the conflict, the stakes, the subtext and where it turns. Use only what the scene says.\n\n[screenplay]",
     [variable("title", "The production's title.", example="Salt and Lantern"),
      variable("genre", "Its genre.", False, "drama", "gothic mystery"),
      variable("screenplay", "The scene as written.", example="INT. LAMP ROOM - NIGHT")]),
    ("department.breakdown", "department", "Breakdown of a scene for a department",
     "What a department has to bring.",
     "You break scene [number] of [title] down for the [department] department. List every thing it has to bring, with "
     "how many and who needs it, and mark with a question mark what the script only suggests.\n\n[screenplay]",
     [variable("number", "The scene's number.", example="12A"), variable("title", "The production's title.", example="Salt and Lantern"),
      variable("department", "Which department.", example="wardrobe"),
      variable("screenplay", "The scene as written.", example="INT. LAMP ROOM - NIGHT")]),
    ("enhancement.cinematographer", "enhancement", "A cinematographer's version of a prompt",
     "The same picture, said more exactly.",
     "Rewrite this picture prompt as a cinematographer would brief a crew, and change nothing that is seen in it. Add "
     "only: camera and lens, direction and quality of the light, composition, film stock and colours, mood. Aspect "
     "ratio [aspect_ratio]. Keep to what is given: [style]\n\nPrompt: [prompt]",
     [variable("aspect_ratio", "The picture's shape.", False, "16:9", "2.39:1"), STYLE,
      variable("prompt", "The prompt as it is.", example="Ada trims the wick")]),
]  # fmt: skip


def add_templates(apps, schema_editor):
    template_model = apps.get_model("prompts", "PromptTemplate")
    variable_model = apps.get_model("prompts", "TemplateVariable")
    version_model = apps.get_model("prompts", "PromptTemplateVersion")
    for key, category, name, description, text, variables in TEMPLATES:
        template, made = template_model.objects.get_or_create(
            key=key, project=None,
            defaults={"name": name, "category": category, "description": description, "template": text},
        )
        if not made:
            continue
        variable_model.objects.bulk_create(
            variable_model(template=template, sort_order=place, **row) for place, row in enumerate(variables, start=1)
        )
        digest = hashlib.sha256(json.dumps([text, variables], sort_keys=True).encode()).hexdigest()
        version_model.objects.create(template=template, number=1, text=text, variables=variables, digest=digest)


class Migration(migrations.Migration):
    dependencies = [("prompts", "0006_prompt_templates")]
    operations = [migrations.RunPython(add_templates, migrations.RunPython.noop)]
