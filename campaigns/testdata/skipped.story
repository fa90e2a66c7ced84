# Whoever skips is not asked again, and is owed nothing.
edit name=Lan yes locale=en-GB
run autumn r1
send
in bỏ qua
counts
run autumn r2
