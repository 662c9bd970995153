"""Use cases: verbs under noun modules, each `(uow, …) → result`; they never commit and never call out."""
