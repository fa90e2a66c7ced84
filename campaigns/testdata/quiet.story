# The first question and the reminder wait for the morning; answers do not.
edit name=Lan yes
at 2026-12-05 23:00
run autumn r1
counts
send
at 2026-12-06 07:00
send
counts
ring remind
send
in 2
at 2026-12-07 23:30
in 700000
