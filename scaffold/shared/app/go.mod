module app

go 1.25
