/** The payment sheet: what is paid, to whom, in what currency; answers paid, cancelled or failed. */

import { act, post } from "./api.js";
import { money } from "./attachments.js";
import { el, toast } from "./dom.js";

/** Opens the sheet over a pane; resolves with the status that Mini Apps learn from invoice_closed. */
export async function paymentSheet(pane, place) {
  const id = pane.person.id;
  const chatId = pane.chat()?.chat_id;
  const where = { chat_id: chatId, ...place };
  let invoice;
  try { invoice = await act(id, "invoice", where); } catch (error) { pane.failed(error); return "failed"; }
  return new Promise((resolve) => {
    const finish = (status) => { sheet.remove(); resolve(status); };
    const pay = el("button.sheet__pay", { type: "button", disabled: invoice.paid }, invoice.paid ? "Already paid" : `Pay ${money(invoice.total_amount, invoice.currency)}`);
    pay.addEventListener("click", async () => {
      pay.disabled = true;
      pay.textContent = "Waiting for the bot…";
      try {
        const answer = await post(`/sandbox/users/${id}/pay`, where);
        if (answer.status !== "paid") toast(pane.node, answer.error || "Payment failed", true);
        finish(answer.status);
      } catch (error) { pane.failed(error); finish("failed"); }
    });
    const sheet = el("div.sheet.sheet--pay", { role: "dialog", "aria-label": "Payment" },
      el("h3", {}, invoice.title), el("p", {}, invoice.description), el("p.muted", {}, `to ${invoice.bot.first_name}`),
      el("dl.prices", {}, invoice.prices.map((price) => [el("dt", {}, price.label), el("dd", {}, money(price.amount, invoice.currency))])),
      invoice.currency === "XTR" ? el("p.muted", {}, `Your balance: ⭐️ ${invoice.stars}`) : null,
      pay, el("button.sheet__row", { type: "button", onclick: () => finish("cancelled") }, "Cancel"));
    pane.node.append(sheet);
  });
}
