# Asked again twice in other words, then a person takes over; a clear answer is still read.
edit name=Lan yes
run autumn r1
send
in ủa shop nào vậy ta
in size này còn không shop?
in hmm
in hmm hmm
in 1
