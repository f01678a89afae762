"""What mediators are paid: a fixed subsidy by grade and a reward by case, on one sheet a month and station (MED-13, L-MED-60…63)."""
