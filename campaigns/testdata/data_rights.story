# What do you know, help, a person; erasing needs the word twice, and nobody is brought back by an import.
edit name=Lan yes
run autumn r1
send
in HD
in NV
in 2
in DU LIEU
in XOA DU LIEU
in XOA DU LIEU
counts
edit name=Lan yes
run autumn r2
in START
run autumn r3
