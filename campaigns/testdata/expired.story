# Nobody answers: the conversation ends, and the run that waited gets its turn. A late answer is thanked.
edit name=Lan yes
run autumn r1
run gift g1
send
ring remind
send
ring expire
send
ring expire
in 2
in 2
counts
