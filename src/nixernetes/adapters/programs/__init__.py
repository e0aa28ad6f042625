"""What programs listen to at the ports of their pods: conversations that take bytes and give bytes, without sockets."""
