entry-alert-raised = Une lecture inhabituelle a été remarquée
duty-reader = Le compte dont il s'agit
