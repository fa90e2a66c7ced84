# A question that did not arrive leaves nobody open.
edit name=Lan yes
run autumn r1
fail
run autumn r2
send
report undelivered
run gift g1
send
report delivered
report read
counts
