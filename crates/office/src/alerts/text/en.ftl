entry-alert-raised = Unusual reading was noticed
duty-reader = The account whose reading is meant
