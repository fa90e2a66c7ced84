# Why not: each reason is counted and told.
edit name=Lan
run autumn r1
edit yes
run nothing r2
in 2
run autumn r3
run autumn r3
run gift r4
run gift r5
edit no
edit yes timezone=Nowhere
edit claim=declared
edit claim=imported
counts
