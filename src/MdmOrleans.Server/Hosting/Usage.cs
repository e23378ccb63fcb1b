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

    /// <summary>The first word behind the verb that is neither a key nor its value; null when there is none.</summary>
    public static string? FirstStray(string[] args)
    {
        for (var i = 1; i < args.Length; i++)
        {
            var isValue = args[i - 1].StartsWith('-') && !args[i - 1].Contains('=');
            if (!args[i].StartsWith('-') && !isValue)
            {
                return args[i];
            }
        }

        return null;
    }

    public static int Refuse(string word)
    {
        Console.Error.WriteLine($"'{word}' is not understood here.");
        return Print(Console.Error, 2);
    }
}
