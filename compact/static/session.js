// Says in time that a sign-in is about to end, and lets the person stay. The server alone knows when it ends: other
// windows lengthen it too, so it is asked again before anything is said.

const OVER_TITLE = "You have been signed out";
const OVER_TEXT =
  "What you have typed is still on this page. When you save it you are asked to sign in, and then it is saved.";

function watchSession(dialog) {
  const title = dialog.querySelector("h2");
  const text = dialog.querySelector("p");
  const button = dialog.querySelector("button");
  const { address, token } = dialog.dataset;
  let over = false;

  const later = ({ seconds, warning }) => {
    const pause = seconds > warning ? seconds - warning : seconds;
    setTimeout(look, Math.max(1, pause) * 1000);
  };

  async function ask(options) {
    const answer = await fetch(address, { redirect: "manual", cache: "no-store", ...options });
    return answer.ok ? answer.json() : { seconds: 0, warning: 0 };
  }

  async function look() {
    let left;
    try {
      left = await ask();
    } catch {
      setTimeout(look, 60000); // no network: what the server thinks will be known when it is back
      return;
    }
    if (left.seconds <= 0) return end();
    if (left.seconds > left.warning) {
      if (dialog.open) dialog.close(); // somebody stayed, in another window
    } else if (!dialog.open) {
      text.textContent = `Nothing was sent for a while. In ${minutes(left.seconds)} you will be signed out. What you have typed stays on the page.`;
      dialog.showModal();
    }
    later(left);
  }

  function end() {
    over = true;
    title.textContent = OVER_TITLE;
    text.textContent = OVER_TEXT;
    button.textContent = "Close";
    if (!dialog.open) dialog.showModal();
  }

  button.addEventListener("click", async () => {
    dialog.close();
    if (over) return;
    try {
      const left = await ask({ method: "POST", body: new URLSearchParams({ csrf_token: token }) });
      if (left.seconds <= 0) end();
    } catch {
      setTimeout(look, 60000);
    }
  });

  later({ seconds: Number(dialog.dataset.seconds), warning: Number(dialog.dataset.warning) });
}

function minutes(seconds) {
  const whole = Math.max(1, Math.round(seconds / 60));
  return whole === 1 ? "a minute" : `${whole} minutes`;
}

watchSession(document.getElementById("stay"));
