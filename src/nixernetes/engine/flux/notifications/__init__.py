"""notification-controller: which event goes to whom, and what a webhook sets off. Ban: nothing is sent from here."""
