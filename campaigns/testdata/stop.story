# One confirmation, then none; coming back makes the next one possible.
edit name=Lan yes
run autumn r1
run gift g1
in TC
in TC
send
run autumn r2
at 2026-12-05 10:05
edit yes
run autumn r3
in xin chào shop
in alo
in DK
in TC
counts
