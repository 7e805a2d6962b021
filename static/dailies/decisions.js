// Deciding about the take that is shown, taking it back, and choosing what the film uses.

import { newKey, toast } from "./outbox.js";
import { askForRetake } from "./retake.js";

export class Decisions {
  constructor(room) {
    this.room = room;
    this.made = []; // own decisions, newest last, to be undone
  }

  async make(decision) {
    const { room } = this;
    if (!room.may("review")) { toast("You may look at these takes and not decide about them."); return; }
    const { item } = room;
    let why = { reasons: [], text: "", start: false };
    const frame = room.deck.frame;
    if (decision === "retake") {
      room.deck.pause();
      why = await askForRetake({ estimateUrl: room.config.urls.estimate?.replace("/0/", `/${item.shot}/`) });
      if (!why) return;
    }
    let note = room.may("comment") ? room.composer.now() : null;
    let [unsent] = room.may("comment") ? room.composer.file.files : [];
    if (unsent) {
      try {
        const attachment = await room.composer.attach(unsent);
        note = { ...(note ?? room.composer.empty(item, frame)), attachment };
        unsent = null;
      } catch (problem) {
        toast(problem.message); // the decision does not wait for a file; it stays in the composer
      }
    }
    const said = { key: newKey(), take: item.take, decision, reasons: why.reasons, text: why.text, frame, start: why.start };
    if (note) said.note = note;
    if (note) room.composer.clear({ keepFile: Boolean(unsent) });
    this.made.push(said);
    const words = { approve: "Approved", retake: "Sent back", needs_review: "Needs review" }[decision];
    const states = { approve: ["approved", "Approved"], retake: ["retake", "Retake"], needs_review: ["needs_review", "Needs review"] };
    room.update([{ ...item, state: states[decision][0], stateWords: states[decision][1] }]);
    toast(`${words}: ${item.label}, take ${item.number}.`, { label: "Undo", action: () => this.undo() });
    try {
      const answer = await room.outbox.send(room.config.urls.decide, said);
      if (answer.decisions?.[0].run) toast("The retake has started. It appears here by itself.");
    } catch (problem) {
      toast(problem.message);
    }
  }

  async undo() {
    const { room } = this;
    const last = this.made.pop();
    if (!last) { toast("There is no decision of yours here to take back."); return; }
    try {
      await room.outbox.send(room.config.urls.undo, { key: last.key });
      toast("Taken back.");
    } catch (problem) {
      toast(problem.message);
    }
  }

  async choose() {
    const { room } = this;
    if (!room.config.urls.choose) return;
    try {
      await room.outbox.send(room.config.urls.choose, { take: room.item.take });
      toast(`The film uses take ${room.item.number} now.`);
    } catch (problem) {
      toast(problem.message);
    }
  }
}
