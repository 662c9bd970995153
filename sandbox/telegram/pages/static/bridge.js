/**
 * The host's side of the Mini App bridge as web clients speak it: JSON texts {eventType, eventData} by postMessage.
 * Each entry answers one event of the app; `app` is the MiniApp on the screen.
 */

import { act } from "./api.js";
import { paymentSheet } from "./payment.js";

const UNSUPPORTED = { error: "UNSUPPORTED" };
const insets = { top: 0, bottom: 0, left: 0, right: 0 };

async function invoke(app, { req_id: reqId, method, params }) {
  try {
    const { result } = await act(app.personId, "invoke", { bot: String(app.botId), method, params });
    app.send("custom_method_invoked", { req_id: reqId, result });
  } catch (error) {
    app.send("custom_method_invoked", { req_id: reqId, error: error.message });
  }
}

async function askPhone(app) {
  const yes = await app.ask("Share your phone number with this bot?", "Share");
  if (yes) await act(app.personId, "send", { bot: String(app.botId), contact: true });
  app.send("phone_requested", { status: yes ? "sent" : "cancelled" });
}

async function askWrite(app) {
  const yes = await app.ask("Allow this bot to write to you?", "Allow");
  if (yes) await act(app.personId, "allow_write", { bot: String(app.botId) });
  app.send("write_access_requested", { status: yes ? "allowed" : "cancelled" });
}

async function share(app, { id }) {
  const yes = await app.ask("Send the prepared message?", "Send");
  if (!yes) { app.send("prepared_message_failed", { error: "USER_DECLINED" }); return; }
  try {
    await act(app.personId, "share", { bot: String(app.botId), prepared_id: id });
    app.send("prepared_message_sent", {});
  } catch (error) { app.send("prepared_message_failed", { error: error.message }); }
}

function device(app, what, { req_id: reqId, key, value }) {
  const store = app.deviceStore();
  if (what === "save") {
    if (value === null) store.delete(key); else store.set(key, value);
    app.keepDevice(store);
    app.send("device_storage_key_saved", { req_id: reqId });
  } else if (what === "get") app.send("device_storage_key_received", { req_id: reqId, value: store.get(key) ?? null });
  else { app.keepDevice(new Map()); app.send("device_storage_cleared", { req_id: reqId }); }
}

const noSecure = (app, { req_id: reqId }) => app.send("secure_storage_failed", { req_id: reqId, ...UNSUPPORTED });

export const EVENTS = {
  iframe_ready: (app) => app.sendAll(),
  iframe_will_reload: (app) => app.waitAgain(),
  web_app_ready: (app) => app.ready(),
  web_app_expand: (app) => app.expand(),
  web_app_close: (app) => app.close(true),
  web_app_request_theme: (app) => app.sendTheme(),
  web_app_request_viewport: (app) => app.sendViewport(),
  web_app_request_safe_area: (app) => app.send("safe_area_changed", insets),
  web_app_request_content_safe_area: (app) => app.send("content_safe_area_changed", insets),
  web_app_setup_main_button: (app, data) => app.setButton("main", data),
  web_app_setup_secondary_button: (app, data) => app.setButton("secondary", data),
  web_app_setup_back_button: (app, data) => app.setBack(Boolean(data.is_visible)),
  web_app_setup_settings_button: (app, data) => app.setSettings(Boolean(data.is_visible)),
  web_app_setup_closing_behavior: (app, data) => { app.confirmClose = Boolean(data.need_confirmation); },
  web_app_setup_swipe_behavior: (app, data) => { app.swipes = data.allow_vertical_swipe !== false; },
  web_app_set_header_color: (app, data) => app.setColor("header", data),
  web_app_set_background_color: (app, data) => app.setColor("background", data),
  web_app_set_bottom_bar_color: (app, data) => app.setColor("bottom", data),
  web_app_data_send: async (app, data) => { await app.dataSent(String(data.data)); },
  web_app_open_link: (_app, data) => /^https?:\/\//i.test(data.url) && window.open(data.url, "_blank", "noopener"),
  web_app_open_tg_link: (app, data) => { app.close(true); app.pane.openLink(`https://t.me${data.path_full}`); },
  web_app_open_invoice: async (app, data) => app.send("invoice_closed", { slug: data.slug, status: await paymentSheet(app.pane, { slug: data.slug }) }),
  web_app_open_popup: (app, data) => app.popup(data),
  web_app_open_scan_qr_popup: (app, data) => app.scan(data),
  web_app_close_scan_qr_popup: () => {},
  web_app_read_text_from_clipboard: async (app, data) => {
    const text = await navigator.clipboard?.readText?.().catch(() => null);
    app.send("clipboard_text_received", { req_id: data.req_id, data: text ?? null });
  },
  web_app_request_write_access: askWrite,
  web_app_request_phone: askPhone,
  web_app_invoke_custom_method: invoke,
  web_app_trigger_haptic_feedback: (app, data) => app.haptic(data),
  web_app_switch_inline_query: (app, data) => { app.pane.composer.field.value = `@${app.pane.chat()?.username || ""} ${data.query}`; app.close(true); },
  web_app_send_prepared_message: share,
  web_app_request_fullscreen: (app) => app.fullscreen(true),
  web_app_exit_fullscreen: (app) => app.fullscreen(false),
  web_app_toggle_orientation_lock: () => {},
  web_app_hide_keyboard: () => {},
  web_app_share_to_story: () => {},
  web_app_add_to_home_screen: (app) => app.send("home_screen_failed", UNSUPPORTED),
  web_app_check_home_screen: (app) => app.send("home_screen_checked", { status: "unsupported" }),
  web_app_set_emoji_status: (app) => app.send("emoji_status_failed", UNSUPPORTED),
  web_app_request_emoji_status_access: (app) => app.send("emoji_status_access_requested", { status: "cancelled" }),
  web_app_check_location: (app) => app.send("location_checked", { available: true, access_requested: true, access_granted: true }),
  web_app_request_location: (app) => app.send("location_requested", { available: true, latitude: 41.311081, longitude: 69.240562, altitude: null, course: null, speed: null, horizontal_accuracy: 30, vertical_accuracy: null, course_accuracy: null, speed_accuracy: null }),
  web_app_open_location_settings: () => {},
  web_app_biometry_get_info: (app) => app.send("biometry_info_received", { available: false }),
  web_app_biometry_open_settings: () => {},
  web_app_start_accelerometer: (app) => app.send("accelerometer_failed", UNSUPPORTED),
  web_app_start_device_orientation: (app) => app.send("device_orientation_failed", UNSUPPORTED),
  web_app_start_gyroscope: (app) => app.send("gyroscope_failed", UNSUPPORTED),
  web_app_stop_accelerometer: (app) => app.send("accelerometer_stopped", {}),
  web_app_stop_device_orientation: (app) => app.send("device_orientation_stopped", {}),
  web_app_stop_gyroscope: (app) => app.send("gyroscope_stopped", {}),
  web_app_request_file_download: async (app, data) => {
    const yes = await app.ask(`Download ${data.file_name}?`, "Download");
    if (yes) window.open(data.url, "_blank", "noopener");
    app.send("file_download_requested", { status: yes ? "downloading" : "cancelled" });
  },
  web_app_device_storage_save_key: (app, data) => device(app, "save", data),
  web_app_device_storage_get_key: (app, data) => device(app, "get", data),
  web_app_device_storage_clear: (app, data) => device(app, "clear", data),
  web_app_secure_storage_save_key: noSecure,
  web_app_secure_storage_get_key: noSecure,
  web_app_secure_storage_restore_key: noSecure,
  web_app_secure_storage_clear: noSecure,
};
