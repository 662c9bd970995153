"""Forms filled question by question in the chat, for whoever cannot open the Mini App: questionnaires, a lot, an offer, corrections.

What was answered lies in the same draft that the Mini App keeps; its step says which question waits (`chat:<code>`; `more:<code>` among
those that may be left out; `chat:<group>.<entry>.<part>` inside an entry). A correction round asks exactly what was returned.
"""
