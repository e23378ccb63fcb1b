namespace MdmOrleans.Server.Hosting;

internal static class Usage
{
    private const string Text =
        """
        Usage: MdmOrleans.Server [serve] [--Key=value …]
               MdmOrleans.Server demo [--Key=value …]
               MdmOrleans.Server migrate [--Key=value …]

          serve    runs the server until it is told to stop (SIGTERM or Ctrl+C); the default
          demo     runs the server, this machine's own agent and 25 simulated devices in one process
          migrate  brings the schema of the configured database up to date, and ends

        Every key can also be set in the environment, with __ for each colon: Http__Port=8081.
        Without ConnectionStrings:Postgres everything is kept in Storage:Directory, ./data by default.
        """;

    public static int Print(TextWriter output, int exitCode)
    {
        output.WriteLine(Text);
        return exitCode;
    }

    public static int Refuse(string verb)
    {
        Console.Error.WriteLine($"There is no verb '{verb}'.");
        return Print(Console.Error, 2);
    }
}
