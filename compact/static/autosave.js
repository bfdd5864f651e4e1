// Saves each answer of a standard's page a moment after it was changed, and says truthfully how far that is. Without this
// script the page's buttons do it all; with it they still do, and whatever the page sends last wins.

const AFTER_TYPING = 1500; // milliseconds without another letter
const AFTER_CHOOSING = 200;
const AT_THE_LATEST = 10000; // however fast somebody types on
const PATIENCE = 20000;
const FIRST_PAUSE = 2000; // before it is tried again; doubled each time
const LONGEST_PAUSE = 30000;
const LARGEST_ON_LEAVING = 60000; // bytes that browsers still send after a page is gone
const SIGNED_OUT = "You have been signed out. Press “Save and continue”: you are asked to sign in, and then it is saved";
const REFUSED = "Press “Save and continue” to see why";

// This showing of the page, and the place of a request among all that it sends: requests may overtake each other.
const page = Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
let sequence = 0;

class Answer {
  constructor(section, address, token) {
    this.section = section;
    this.key = section.dataset.key;
    this.address = address + this.key;
    this.token = token;
    this.version = section.querySelector(`[name="${this.key}-version"]`);
    section.querySelector(".app-indicator__fields").insertAdjacentHTML("beforeend", '<p class="govuk-body app-saved" role="status"></p>');
    this.state = section.querySelector(".app-saved");
    this.kept = this.shown();
    this.pause = FIRST_PAUSE;
    this.isBesideAnother = Boolean(section.querySelector(".app-conflict"));
    section.addEventListener("input", (event) => this.changed(event.target.type === "radio" ? AFTER_CHOOSING : AFTER_TYPING));
  }

  typed() {
    const value = (part) => this.section.querySelector(`[name="${this.key}-${part}"]`)?.value ?? "";
    const grade = this.section.querySelector(`[name="${this.key}-grade"]:checked`)?.value ?? "";
    return new URLSearchParams({ grade, evidence: value("evidence"), reason: value("reason") }).toString();
  }

  // What the server sent: a browser may have put back what was typed before a page was loaded again.
  shown() {
    if (this.section.querySelector(".govuk-textarea--error")) return null; // too long, and not kept
    const value = (part) => this.section.querySelector(`[name="${this.key}-${part}"]`)?.defaultValue ?? "";
    const chosen = [...this.section.querySelectorAll(`[name="${this.key}-grade"]`)].find((each) => each.defaultChecked);
    return new URLSearchParams({ grade: chosen?.value ?? "", evidence: value("evidence"), reason: value("reason") }).toString();
  }

  get isUnsaved() {
    return this.sending || this.typed() !== this.kept;
  }

  say(text, isWrong = false) {
    this.state.textContent = text;
    this.state.classList.toggle("app-saved--not", isWrong);
  }

  changed(wait) {
    if (this.isBesideAnother) return;
    if (!this.isUnsaved) return this.settle();
    if (!this.retrying) this.say("Not saved yet");
    this.since ??= Date.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), Math.min(wait, Math.max(0, this.since + AT_THE_LATEST - Date.now())));
  }

  settle() {
    clearTimeout(this.timer);
    this.since = undefined;
    this.say(this.lastSaved ? `Saved ${this.lastSaved}` : "");
  }

  async send() {
    clearTimeout(this.timer);
    if (this.sending || this.isBesideAnother || this.typed() === this.kept) return;
    const sent = this.typed();
    this.since = undefined;
    this.sending = true;
    if (!this.retrying) this.say("Saving");
    const body = new URLSearchParams(sent);
    body.set("version", this.version.value);
    body.set("sequence", String(++sequence));
    body.set("page", page);
    body.set("csrf_token", this.token);
    let reply;
    try {
      const signal = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
      const keepalive = document.hidden && body.toString().length < LARGEST_ON_LEAVING;
      reply = await fetch(this.address, { method: "POST", body, signal, keepalive, redirect: "manual" });
      if (reply.status >= 500 || reply.status === 429) throw new Error(reply.statusText);
      await this.take(reply, sent);
    } catch {
      this.later();
    } finally {
      this.sending = false;
    }
    if (!this.retrying && !this.isStopped && this.typed() !== this.kept) this.changed(AFTER_TYPING);
  }

  async take(reply, sent) {
    this.retrying = this.isStopped = false;
    this.pause = FIRST_PAUSE;
    const isJson = reply.headers.get("Content-Type")?.startsWith("application/json");
    const told = isJson ? await reply.json() : {};
    if (reply.ok && isJson) {
      this.kept = sent;
      this.version.value = told.version;
      this.lastSaved = told.at;
      this.say(this.typed() === sent ? `Saved ${told.at}` : "Not saved yet");
      return;
    }
    this.isStopped = true; // trying the same again would be answered the same
    if (told.theirs) this.show(told);
    else this.say(`Not saved. ${told.problem ?? told.signed ?? (reply.status === 401 ? SIGNED_OUT : REFUSED)}`, true);
  }

  later() {
    this.retrying = true;
    this.say("Not saved. Trying again", true);
    this.timer = setTimeout(() => this.send(), this.pause);
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  // A colleague's newer answer, above the typed one. The page's own version stays as it was, so that a button which was
  // pressed before anybody could read this shows both answers once more.
  show({ theirs, panel }) {
    this.isBesideAnother = true;
    this.section.querySelector(".app-indicator__fields").insertAdjacentHTML("afterbegin", panel);
    const shown = this.section.querySelector(".app-conflict");
    const keepMine = shown.querySelector("button").cloneNode();
    keepMine.type = "button";
    keepMine.textContent = "Keep mine";
    keepMine.addEventListener("click", () => {
      shown.remove();
      this.isBesideAnother = false;
      this.version.value = theirs.version;
      this.send();
    });
    shown.querySelector("p:last-of-type").replaceWith(keepMine);
    this.say(`Not saved. ${theirs.by} changed this answer while you were typing: choose above which one stays`, true);
  }
}

function autosave(form) {
  const token = form.querySelector("[name=csrf_token]").value;
  const answers = [...form.querySelectorAll("[data-key]")].map((section) => {
    const answer = new Answer(section, form.dataset.autosave, token);
    if (answer.kept !== null) answer.changed(AFTER_TYPING);
    return answer;
  });
  let leaving = false;

  form.addEventListener("submit", () => {
    leaving = true;
    for (const [name, value] of [["page", page], ["sequence", String(++sequence)]]) {
      const field = form.querySelector(`[name=${name}]`) ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = value;
    }
  });
  const sendAll = () => answers.forEach((answer) => answer.send());
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("online", sendAll);
  document.addEventListener("visibilitychange", () => { if (document.hidden) sendAll(); });
  addEventListener("beforeunload", (event) => {
    if (!leaving && answers.some((answer) => answer.isUnsaved)) event.preventDefault();
  });
}

const form = document.querySelector("form[data-autosave]");
if (form) autosave(form);
