# Stopped at the provider, and back: only what the provider took is given back.
edit name=Lan yes
run autumn r1
opt_out
opt_in
run autumn r2
in TC
opt_in
run autumn r3
opt_in START
run autumn r4
