namespace MdmOrleans.Agent.Verbs;

internal static class Usage
{
    public const string Text = """
        The device agent of MdmOrleans.

          run       keep this machine in touch with its twin
          posture   print what run would report about this machine
          simulate  play a fleet of devices
          help      print this

        Every option may also be set in the environment: --token-file is MDM_TOKEN_FILE.

        run
          --endpoint URI     mqtt://host:1883, mqtts://host:8883, ws://host:8080/mqtt or wss://host/mqtt
          --tenant NAME      --device NAME
          --token-file FILE  the device token; or MDM_TOKEN. Never on the command line
          --state DIR        remembers there which commands were run; default /var/lib/mdm-agent
          --hooks DIR        executables named by the kind of command. They get the command as JSON on standard
                             input and MDM_COMMAND_ID, MDM_COMMAND_KIND, MDM_COMMAND_EXPIRES_AT, MDM_TENANT, MDM_DEVICE.
                             Exit code 0: succeeded, with a JSON object on standard output as the result;
                             75: not now, offer it again; 77: rejected; any other: failed. Without a hook: rejected
          --hook-seconds N   a hook that runs longer is killed; default 600
          --ca FILE          trust these certificates (PEM) instead of the system's
          --mqtt311 true     speak MQTT 3.1.1 instead of 5

        simulate
          --endpoint URI     as above
          --credentials FILE JSON lines { "tenant", "device", "token", "platform" }
          --create N         first create N devices and append them to that file; then needed:
            --api URI          of the HTTP interface, e.g. http://127.0.0.1:8080
            --tenant NAME      which exists
            --admin-key-file FILE  or MDM_ADMIN_KEY
          --seed N           the same seed, the same devices; default 1
          --rate N           devices that connect in a second; default 50
          --time-scale N     how much faster the devices change than the clock goes; default 60
          --every SECONDS    check in this often, whatever the server says
          --seconds N        end after this time; default: when stopped
          --ca, --mqtt311    as above

        Exit codes: 0 stopped, 1 refused or failed, 2 wrong usage.
        """;
}
