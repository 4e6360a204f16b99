"""«Автомотиватор»: points for work that is done, against the norm of the department."""
