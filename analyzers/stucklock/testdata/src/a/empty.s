// Some functions of the package have no body.
