// What somebody is writing about a take: words, a drawing, a file; kept until it is said.

import { newKey, toast, token } from "./outbox.js";

const $ = (id) => document.getElementById(id);

export class Composer {
  constructor(room) {
    Object.assign(this, { room, form: $("composer"), words: $("note-text"), file: $("note-file") });
    this.draft = `rushes-draft:${room.config.outbox}`;
    this.listen();
  }

  listen() {
    const { room, form, words, file } = this;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.write(); });
    file.addEventListener("change", () => form.classList.toggle("has-file", file.files.length > 0));
    words.value = localStorage.getItem(this.draft) ?? "";
    words.addEventListener("input", () => this.keepDraft());
    words.addEventListener("paste", (event) => this.takeFile(event, event.clipboardData?.files));
    form.addEventListener("dragover", (event) => event.preventDefault());
    form.addEventListener("drop", (event) => this.takeFile(event, event.dataTransfer?.files));
    words.addEventListener("focus", () => { room.deck.pause(); words.rows = 3; });
    words.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.write(); }
      if (event.key === "Escape") { event.stopPropagation(); $("screen").focus(); }
    });
  }

  // What stands in the composer now, as a note; null when it is empty.
  now() {
    const text = this.words.value.trim();
    const drawing = this.room.drawing.strokes;
    if (!text && !drawing.length) return null;
    const { deck } = this.room;
    const ranged = !drawing.length && deck.inPoint !== null && deck.outPoint !== null;
    return {
      key: newKey(), take: this.room.item.take, text, drawing: [...drawing],
      first_frame: ranged ? deck.inPoint : deck.frame, last_frame: ranged ? deck.outPoint : deck.frame,
    };
  }

  empty(item, frame) {
    return { key: newKey(), take: item.take, text: "", drawing: [], first_frame: frame, last_frame: frame };
  }

  clear({ keepFile = false } = {}) {
    this.words.value = "";
    this.words.rows = 1;
    this.keepDraft();
    if (!keepFile) this.file.value = "";
    this.form.classList.toggle("has-file", keepFile);
    this.room.drawing.clear();
    this.room.draw(false);
  }

  // What is being written outlives the page, as what was said does.
  keepDraft() {
    const text = this.words.value;
    try {
      if (text.trim()) localStorage.setItem(this.draft, text);
      else localStorage.removeItem(this.draft);
    } catch {
      // a browser that stores nothing: the page still has it
    }
  }

  // A picture that is pasted or dropped on the note is attached to it.
  takeFile(event, files) {
    if (!files?.length || !this.room.may("comment")) return;
    event.preventDefault();
    const one = new DataTransfer();
    one.items.add(files[0]);
    this.file.files = one.files;
    this.form.classList.add("has-file");
    toast(`${files[0].name} goes with the note.`, { stay: 2500 });
  }

  async write() {
    const [file] = this.file.files;
    let note = this.now();
    if (!note && !file) { toast("Write something, draw on the picture, or attach a file."); return; }
    note ??= this.empty(this.room.item, this.room.deck.frame);
    try {
      if (file) note.attachment = await this.attach(file);
    } catch (problem) {
      toast(problem.message);
      return;
    }
    this.clear();
    $("screen").focus();
    const said = this.room.outbox.send(this.room.config.urls.notes, note);
    this.room.beside.expect(note);
    said.catch((problem) => toast(problem.message));
  }

  async attach(file) {
    const data = new FormData();
    data.append("file", file);
    const answer = await fetch(this.room.config.urls.attach, { method: "POST", body: data, headers: { Accept: "application/json", "X-CSRFToken": token() } })
      .catch(() => { throw new Error("The file needs a connection: attach it again when it is back."); });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.error);
    return said.attachment;
  }
}
