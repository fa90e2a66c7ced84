# Two questions, both answered; the offer comes with the thanks.
edit name=Lan yes
run autumn r1
send
report delivered
in 2
in 600000
send
counts
# The same run again asks nobody twice; another one finds nothing left to ask.
run autumn r1
run autumn r2
counts
