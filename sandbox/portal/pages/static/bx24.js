/**
 * The classic client library for pages of applications, served at /api/v1/ as a portal's client endpoint does: the global BX24.
 * It speaks the same frame protocol as the SDK. Kept to what applications commonly use.
 */
(() => {
  const [domain, protocol, sid] = window.name.split("|");
  const origin = `${protocol === "1" ? "https" : "http"}://${domain}`;
  const waiting = new Map();
  const state = { data: null, started: null };
  const readied = new Promise((resolve) => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", resolve);
    else resolve();
  });
  let count = 0;

  function send(command, params, callback, lasting = false) {
    count += 1;
    const key = `bx${count}`;
    if (callback) waiting.set(key, { callback, lasting });
    const text = params === undefined || params === null || params === "" ? "" : typeof params === "string" ? params : JSON.stringify(params);
    parent.postMessage([command, text, key, sid].filter(Boolean).join(":"), origin);
  }

  addEventListener("message", (event) => {
    if (event.origin !== origin || typeof event.data !== "string") return;
    const cut = event.data.indexOf(":");
    const found = waiting.get(event.data.slice(0, cut));
    if (!found) return;
    if (!found.lasting) waiting.delete(event.data.slice(0, cut));
    const rest = event.data.slice(cut + 1);
    found.callback(rest ? JSON.parse(rest) : undefined);
  });

  function keepAuth({ AUTH_ID, REFRESH_ID, AUTH_EXPIRES }) {
    Object.assign(state.data, { AUTH_ID, REFRESH_ID, expires: Date.now() + Number(AUTH_EXPIRES) * 1000 });
  }

  function start() {
    state.started ??= readied.then(() => new Promise((resolve) => {
      send("getInitData", {}, (data) => {
        state.data = data;
        keepAuth(data);
        if (data.FIRST_RUN) send("setInstall", { install: true }, () => resolve(data));
        else resolve(data);
      });
    }));
    return state.started;
  }

  function put(form, name, value) {
    if (value !== null && typeof value === "object" && !(value instanceof Blob)) {
      for (const [key, part] of Object.entries(value)) put(form, name ? `${name}[${key}]` : key, part);
    } else {
      form.append(name, value ?? "");
    }
  }

  class AjaxResult {
    constructor(answer, status, repeat) { Object.assign(this, { answer, status, repeat }); }
    data() { return this.answer.result; }
    error() { return this.answer.error !== undefined ? { ex: this.answer, status: this.status, toString: () => `${this.answer.error}: ${this.answer.error_description}` } : undefined; }
    error_description() { return this.answer.error_description; }
    more() { return this.answer.next !== undefined; }
    total() { return Number(this.answer.total); }
    next(callback) { if (this.more()) this.repeat(this.answer.next, callback); }
  }

  async function request(method, params) {
    if (state.data.expires <= Date.now()) await new Promise((resolve) => BX24.refreshAuth(resolve));
    const form = new FormData();
    put(form, "", { ...params, auth: state.data.AUTH_ID });
    const answer = await fetch(`${origin}/rest/${method}`, { method: "POST", body: form });
    return [await answer.json(), answer.status];
  }

  const query = (params) => {
    const form = new FormData();
    put(form, "", params);
    return new URLSearchParams([...form]).toString();
  };

  const option = (of, name) => ({
    get: (key) => state.data[name]?.[key],
    set: (key, value, callback) => {
      state.data[name] = { ...state.data[name], [key]: value };
      send(of, { name: key, value }, callback ?? (() => {}));
    },
  });

  const BX24 = {
    init: (callback) => { start().then(callback); },
    ready: (callback) => { readied.then(callback); },
    install: (callback) => { start().then((data) => { if (data.FIRST_RUN) callback(); }); },
    installFinish: () => { if (state.data.INSTALL) send("setInstallFinish", {}, () => {}); },
    getAuth: () => (state.data.expires > Date.now()
      ? { access_token: state.data.AUTH_ID, refresh_token: state.data.REFRESH_ID, expires_in: Math.round((state.data.expires - Date.now()) / 1000), domain, member_id: state.data.MEMBER_ID } : false),
    refreshAuth: (callback) => send("refreshAuth", {}, (pair) => { keepAuth(pair); callback?.(BX24.getAuth()); }),
    isAdmin: () => Boolean(state.data.IS_ADMIN),
    getLang: () => state.data.LANG,
    getDomain: () => domain,
    async callMethod(method, params = {}, callback = () => {}) {
      const repeat = (from, then) => BX24.callMethod(method, { ...params, start: from }, then ?? callback);
      callback(new AjaxResult(...(await request(method, params)), repeat));
    },
    async callBatch(calls, callback = () => {}, halt = false) {
      const entries = Object.entries(calls).map(([key, one]) => [key, Array.isArray(one) ? one : [one.method, one.params]]);
      const cmd = Object.fromEntries(entries.map(([key, [method, params]]) => [key, `${method}?${query(params ?? {})}`]));
      const [answer, status] = await request("batch", { cmd, halt: halt ? 1 : 0 });
      const { result = {}, result_error: errors = {}, result_total: totals = {}, result_next: nexts = {} } = answer.result ?? {};
      const made = Object.fromEntries(entries.map(([key, [method, params]]) => [key, new AjaxResult({ result: result[key], total: totals[key], next: nexts[key], ...errors[key] }, status,
        (from, then) => BX24.callMethod(method, { ...params, start: from }, then))]));
      callback(Array.isArray(calls) ? Object.values(made) : made);
    },
    getScrollSize: () => ({ scrollWidth: document.documentElement.scrollWidth, scrollHeight: document.documentElement.scrollHeight }),
    resizeWindow: (width, height, callback) => send("resizeWindow", { width, height }, callback ?? (() => {})),
    fitWindow: (callback) => BX24.resizeWindow("100%", BX24.getScrollSize().scrollHeight, callback),
    setTitle: (title, callback) => send("setTitle", { title }, callback ?? (() => {})),
    reloadWindow: (callback) => send("reloadWindow", {}, callback),
    scrollParentWindow: (scroll, callback) => send("setScroll", { scroll }, callback ?? (() => {})),
    openApplication: (params, callback) => send("openApplication", params, callback ?? (() => {})),
    closeApplication: (callback) => send("closeApplication", {}, callback),
    openPath: (path, callback) => send("openPath", { path }, callback ?? (() => {})),
    selectUser: (callback) => send("selectUser", { mult: false }, callback),
    selectUsers: (callback) => send("selectUser", { mult: true }, callback),
    selectAccess: (value, callback) => (callback ? send("selectAccess", { value }, callback) : send("selectAccess", {}, value)),
    selectCRM: (params, callback) => send("selectCRM", params, callback),
    appOption: option("setAppOption", "APP_OPTIONS"),
    userOption: option("setUserOption", "USER_OPTIONS"),
    placement: {
      info: () => ({ placement: state.data.PLACEMENT, options: state.data.PLACEMENT_OPTIONS }),
      getInterface: (callback) => send("getInterface", {}, callback),
      call: (command, params, callback) => send(command, params ?? {}, callback ?? (() => {})),
      bindEvent: (event, callback) => send("placementBindEvent", { event }, callback, true),
    },
  };
  window.BX24 = BX24;
})();
