"""What a village does: activities, matters, inspections, income, publicity (arrive last)."""
