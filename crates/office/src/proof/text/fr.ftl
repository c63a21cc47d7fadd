nav-ledger = Registre
ledger-title = Registre des écritures
ledger-intro = Tout ce qui s'est passé, dans un ordre que personne ne peut changer sans être vu. Chacun vérifie un export ou un reçu hors ligne avec
ledger-key = Clé publique
ledger-logs = Journaux
ledger-entries = Écritures
ledger-empty = Pas encore d'écriture.
ledger-older = Écritures plus anciennes
ledger-export = Exporter
log-name = Journal et dernier point de contrôle
log-entries = Écritures
entry-at = Quand
entry-kind = Quoi
entry-place = Journal et numéro
entry-id = Écriture
entry-actor = Par
entry-values = Valeurs personnelles
entry-values-count = { $count ->
    [0] aucune conservée : il n'y en avait pas, ou elles ont été effacées
    [one] une, scellée
   *[other] { $count }, scellées
  }
entry-leaf = L'écriture
entry-leaf-text = Ce qui est haché dans le registre. Les valeurs personnelles n'y sont pas : un engagement salé tient lieu de chacune.
receipt-download = Télécharger le reçu
entry-subject-erased = Personne effacée de Garant
entry-ledger-checkpointed = Point de contrôle inscrit
