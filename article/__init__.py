"""The article under review: its claims, quantities, conclusions, figures, tables, eligibility."""
