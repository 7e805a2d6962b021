// What stands beside a take: decisions, notes, how it was made. The server writes it as HTML; this asks for it anew when
// something has changed, and keeps what somebody is writing.

import { newKey, toast } from "./outbox.js";

const $ = (id) => document.getElementById(id);

export class Beside {
  constructor(room) {
    this.room = room;
    this.urls = room.config.urls;
    this.kept = new Map(); // take -> what the server said, to be shown at once while it is asked again
    this.notes = [];
    this.expected = []; // notes that are on their way
    const element = $("beside");
    element.addEventListener("click", (event) => this.click(event));
    element.addEventListener("submit", (event) => this.answer(event));
  }

  // What is known of a take at once, what is new of it after the promise.
  load(item, after) {
    const known = this.kept.get(item.take);
    this.notes = [];
    this.expected = [];
    if (known) this.put(known, item);
    else $("beside").replaceChildren();
    this.showMarks();
    after.then(() => this.room.item === item && this.reload());
  }

  async reload({ arrived = null } = {}) {
    this.arrived = arrived ?? this.arrived;
    if (this.asking) { this.again = true; return; }
    this.asking = true;
    const { item } = this.room;
    try {
      const answer = await fetch(this.urls.take.replace("/0/", `/${item.take}/`), { headers: { Accept: "application/json" } });
      if (answer.ok) {
        const said = await answer.json();
        if (this.kept.size > 60) this.kept.delete(this.kept.keys().next().value);
        this.kept.set(item.take, said);
        if (this.room.item?.take === item.take) this.put(said, item);
      } else if (answer.status === 404 && this.room.config.guest) {
        location.reload(); // the link was revoked
      }
    } catch {
      // no connection: what stands there stays, the feed asks again when it is back
    } finally {
      this.asking = false;
      if (this.again || this.room.item?.take !== item.take) {
        this.again = false;
        this.reload();
      }
    }
  }

  put(said, item) {
    const element = $("beside");
    const writing = element.contains(document.activeElement) && document.activeElement.matches("textarea, input");
    if (!writing) {
      const top = element.scrollTop;
      const open = document.activeElement?.closest?.("#beside [data-undo], #beside [data-note-deed]");
      element.innerHTML = said.html;
      element.scrollTop = top;
      if (open) $("screen").focus();
    } else this.later = said;
    this.notes = said.notes;
    this.expected = this.expected.filter((note) => !said.notes.some((row) => row.text === note.text && row.first === note.first));
    this.room.update([said.item, ...said.takes]);
    this.room.showTakes(said.takes);
    this.showMarks();
    this.showDrawings(this.room.deck.frame);
    const fresh = this.arrived && said.takes.find((row) => row.take === this.arrived);
    if (fresh) {
      this.arrived = null;
      if (fresh.take !== item.take) this.room.arrived(fresh);
    }
  }

  // A note that was just written is seen at once, before the server has it.
  expect(note) {
    this.expected.push({ first: note.first_frame, last: note.last_frame, drawing: note.drawing, text: note.text });
    this.showMarks();
    this.showDrawings(this.room.deck.frame);
    this.reload();
  }

  get all() {
    return [...this.notes, ...this.expected];
  }

  showDrawings(frame) {
    const { drawing } = this.room;
    const shown = this.all.filter((note) => !note.resolved && note.drawing?.length && note.first <= frame && frame <= note.last);
    const strokes = shown.flatMap((note) => note.drawing);
    if (strokes.length || drawing.kept.length) {
      drawing.kept = strokes;
      drawing.render();
    }
  }

  showMarks() {
    const { deck, item } = this.room;
    if (!item) return;
    const marks = $("marks");
    const width = (frame) => `${(100 * frame) / item.frames}%`;
    const rows = this.all.filter((note) => note.first !== null && note.first !== undefined).map((note) => {
      const mark = document.createElement("i");
      mark.className = note.resolved ? "mark resolved" : "mark";
      mark.style.left = width(note.first);
      mark.style.width = width(note.last - note.first + 1);
      return mark;
    });
    if (deck.inPoint !== null || deck.outPoint !== null) {
      const range = document.createElement("i");
      range.className = "range";
      range.style.left = width(deck.from);
      range.style.width = width(deck.to - deck.from + 1);
      rows.push(range);
    }
    marks.replaceChildren(...rows);
  }

  async click(event) {
    const button = event.target.closest("button");
    if (!button) return;
    const { room } = this;
    const { outbox } = room;
    const note = button.closest("[data-note]")?.dataset.note;
    try {
      if (button.dataset.go !== undefined) {
        room.session?.own();
        room.deck.pause();
        room.deck.seek(Number(button.dataset.go));
      } else if (button.dataset.undo) {
        await outbox.send(this.urls.undo, { review: Number(button.dataset.undo) });
      } else if (button.dataset.noteDeed) {
        await outbox.send(`${this.urls.notes}${note}/`, { deed: button.dataset.noteDeed });
      } else if (button.dataset.reply) {
        this.openAnswer(button);
        return;
      } else if (button.dataset.dismiss) {
        await this.dismiss(button.dataset.dismiss);
      } else return;
      this.reload();
    } catch (problem) {
      toast(problem.message);
    }
  }

  openAnswer(button) {
    const tools = button.closest(".note-tools");
    if (tools.nextElementSibling?.matches("form")) {
      tools.nextElementSibling.remove();
      button.setAttribute("aria-expanded", "false");
      return;
    }
    const form = document.createElement("form");
    form.className = "answer-form";
    form.dataset.reply = button.dataset.reply;
    form.innerHTML = '<textarea rows="2" maxlength="10000" aria-label="Answer"></textarea><button class="button quiet">Answer</button>';
    tools.after(form);
    button.setAttribute("aria-expanded", "true");
    form.querySelector("textarea").focus();
  }

  async answer(event) {
    event.preventDefault();
    const form = event.target;
    const text = form.querySelector("textarea").value.trim();
    if (!text) return;
    form.querySelector("textarea").blur();
    form.remove();
    try {
      await this.room.outbox.send(this.urls.notes, { key: newKey(), take: this.room.item.take, text, reply_to: Number(form.dataset.reply) });
    } catch (problem) {
      toast(problem.message);
    }
    this.reload();
  }

  dismiss(check) {
    const dialog = $("dismiss-dialog");
    const form = dialog.querySelector("form");
    form.reset();
    dialog.returnValue = "";
    dialog.showModal();
    return new Promise((resolve, reject) => {
      dialog.addEventListener("close", () => {
        if (dialog.returnValue !== "dismiss") return resolve();
        const reason = form.elements.reason.value;
        return this.room.outbox.send(this.urls.dismiss.replace("/0/", `/${check}/`), { reason }).then(resolve, reject);
      }, { once: true });
    });
  }
}
