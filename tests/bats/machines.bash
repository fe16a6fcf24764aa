# Two machines, as far as the network goes: name spaces with a cable between them. It is loaded after setup.

# start_machines: $far has the address 10.99.0.1 and $near 10.99.0.2; they are process ids, for nsenter. Skips
# the test where there are no name spaces.
start_machines()
{
	skip_without unshare nsenter ip
	[ "$(id -u)" = 0 ] && unshare -n true 2>/dev/null || skip "no network name spaces here"
	spawn far unshare -n sleep 600
	far=$spawned
	spawn near unshare -n sleep 600
	near=$spawned
	wait_until 5 nsenter -t "$near" -n true
	wait_until 5 nsenter -t "$far" -n true
	[ "$(readlink "/proc/$far/ns/net")" != "$(readlink /proc/self/ns/net)" ]
	nsenter -t "$far" -n ip link add cable type veth peer name cable netns "$near" ||
	    skip "no cable between name spaces here"
	nsenter -t "$far" -n sh -c 'ip link set lo up; ip address add 10.99.0.1/24 dev cable; ip link set cable up'
	nsenter -t "$near" -n sh -c 'ip address add 10.99.0.2/24 dev cable; ip link set cable up'
}

# swallow MACHINE ADDRESS: what it sends to the address is lost without a word.
swallow()
{
	nsenter -t "$1" -n ip neigh replace "$2" lladdr 02:00:00:00:00:99 dev cable
}

# heal MACHINE ADDRESS
heal()
{
	nsenter -t "$1" -n ip neigh del "$2" dev cable
}
