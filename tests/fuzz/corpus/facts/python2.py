print "a"
exec "b"
raise A, b
x = 0777L <> `y`
