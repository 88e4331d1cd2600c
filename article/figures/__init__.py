"""The report's figures: rows, a drawing of the rows, and a description of the rows."""

# what a list of the rows says of each, with the words before it
COLUMNS = {"arm": "", "outcome": "", "n_total": "N ", "refractory": "refractoriness ",
           "follow_up": "follow-up ", "text": "shown as ", "detail": "",
           "place": "published row "}
