# A returned order starts its campaign two hours later; a second one on the same day does not.
edit name=Lan yes
event order.returned
event order.returned
counts
ring start
send
tap 1
event order.paid
counts
