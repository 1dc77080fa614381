const { js, wasm, eager, passkeys } = document.querySelector("script[data-wasm]").dataset;
const touches = ["pointerdown", "keydown", "focusin"];
const early = [];

const remember = (event) => {
  const button = event.target.closest?.(".scripted") && event.target.closest("button:not([data-passkey])");
  if (button) early.push(button);
};

const load = async () => {
  for (const touch of touches) removeEventListener(touch, touched, true);
  try {
    const module = await import(js);
    await module.default({ module_or_path: wasm });
    module.hydrate();
    for (const island of document.querySelectorAll("leptos-island")) await module[island.dataset.component]?.(island);
  } catch {
    return;
  }
  removeEventListener("click", remember, true);
  document.documentElement.dataset.alive = "true";
  for (const button of early) if (button.isConnected) button.click();
};

const touched = (event) => {
  const byItself = event.type === "focusin" && event.target.matches?.("[autofocus]");
  if (!byItself) load();
};

addEventListener("click", remember, true);
if (eager === undefined) for (const touch of touches) addEventListener(touch, touched, true);
else if (window.requestIdleCallback) requestIdleCallback(load, { timeout: 200 });
else setTimeout(load);

const withPasskeys = (act) => import(passkeys).then(act, () => {});
addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-passkey]");
  if (button) withPasskeys((module) => module.press(button));
});
if (document.querySelector("[autocomplete~=webauthn]")) withPasskeys((module) => module.offer());
