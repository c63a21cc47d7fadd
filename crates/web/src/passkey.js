// Asks the browser for a passkey and posts its answer with the form it stands in. What it is worth, the server decides.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((known) => ({ ...known, id: bytes(known.id) }));
  const put = (name, value) => { form.elements[name].value = value ? text(value) : ""; };
  const show = (selector, shown) => {
    for (const part of document.querySelectorAll(selector)) part.hidden = !shown;
  };
  const asked = JSON.parse(form.dataset.passkey);
  const options = { ...asked.options, challenge: bytes(asked.options.challenge) };

  async function make() {
    options.user = { ...options.user, id: bytes(options.user.id) };
    options.excludeCredentials = named(asked.options.excludeCredentials);
    const { response } = await navigator.credentials.create({ publicKey: options });
    put("client_data", response.clientDataJSON);
    put("attestation", response.attestationObject);
  }

  async function get() {
    options.allowCredentials = named(asked.options.allowCredentials);
    const found = await navigator.credentials.get({ publicKey: options });
    put("id", found.rawId);
    put("client_data", found.response.clientDataJSON);
    put("authenticator_data", found.response.authenticatorData);
    put("signature", found.response.signature);
    put("user_handle", found.response.userHandle);
  }

  show("[data-passkey-without]", false);
  show("[data-passkey-with]", true);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show("[data-passkey-failed]", false);
    try {
      await (asked.make ? make() : get());
      form.submit();
    } catch {
      show("[data-passkey-failed]", true);
    }
  });
})();
