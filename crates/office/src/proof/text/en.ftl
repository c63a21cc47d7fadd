nav-ledger = Ledger
ledger-title = Ledger
ledger-intro = Everything that happened, in an order nobody can change unseen. Anyone verifies an export or a receipt offline with
ledger-key = Public key
ledger-logs = Logs
ledger-entries = Entries
ledger-empty = No entry yet.
ledger-older = Older entries
ledger-export = Export
log-name = Log and newest checkpoint
log-entries = Entries
entry-at = When
entry-kind = What
entry-place = Log and number
entry-id = Entry
entry-actor = By
entry-values = Personal values
entry-values-count = { $count ->
    [0] none kept: there were none, or they have been erased
    [one] one, sealed
   *[other] { $count }, sealed
  }
entry-leaf = The entry
entry-leaf-text = What is hashed into the ledger. Personal values are not in it: a salted commitment stands for each.
receipt-download = Download the receipt
entry-subject-erased = Person erased from Garant
entry-ledger-checkpointed = Checkpoint recorded
